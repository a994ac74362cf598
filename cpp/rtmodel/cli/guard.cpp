#include "guard.h"

#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <stdexcept>

#include "case/finding.h"
#include "commands.h"
#include "files/text.h"

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
  } catch (const std::filesystem::filesystem_error& fault) {
    std::cerr << "rtmodel: " << quotable(fault.path1().string()) << ": " << fault.code().message()
              << "; check the name, and the right to use it\n";
    return kBadInput;
  } catch (const std::bad_alloc&) {
    std::cerr << "rtmodel: not enough memory; use larger beamlets, fewer beams or a window, or a larger machine\n";
    return kBadInput;
  } catch (const std::exception& fault) {
    std::cerr << "rtmodel: unexpected fault: " << fault.what() << "\n";
    return kInternalFault;
  } catch (...) {
    std::cerr << "rtmodel: unexpected fault of unknown kind\n";
    return kInternalFault;
  }
}

}  // namespace rtmodel::cli
