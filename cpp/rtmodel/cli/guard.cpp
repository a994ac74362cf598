#include "guard.h"

#include <exception>
#include <iostream>
#include <stdexcept>

#include "case/finding.h"
#include "commands.h"

namespace rtmodel::cli {

int guarded(const std::function<int()>& command) {
  try {
    return command();
  } catch (const InputError& fault) {
    std::cerr << "rtmodel: " << fault.what() << "\n";
    return kBadInput;
  } catch (const std::invalid_argument& fault) {
    std::cerr << "rtmodel: " << fault.what() << "\n";
    return kBadInput;
  } catch (const std::exception& fault) {
    std::cerr << "rtmodel: unexpected fault: " << fault.what() << "\n";
    return kInternalFault;
  }
}

}  // namespace rtmodel::cli
