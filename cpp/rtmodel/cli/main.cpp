#include <exception>
#include <iostream>
#include <stdexcept>

#include "case/finding.h"
#include "commands.h"

int main(int argc, char** argv) {
  using namespace rtmodel::cli;
  CLI::App app{"Reference radiotherapy plan optimizer of dh-advisor. Research software: not for treating anybody.",
               "rtmodel"};
  app.set_version_flag("--version", RTMODEL_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 done, 1 input that can't be used, 2 command line not understood, 3 interrupted, 4 fault of the "
      "program.");
  int exit_code = kSuccess;
  add_check(app, exit_code);
  add_info(app);
  add_phantom(app);
  add_optimize(app, exit_code);
  add_plot(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& fault) {
    return app.exit(fault) == 0 ? kSuccess : kUsage;
  } catch (const rtmodel::InputError& fault) {
    std::cerr << "rtmodel: " << fault.what() << "\n";
    return kBadInput;
  } catch (const std::invalid_argument& fault) {
    std::cerr << "rtmodel: " << fault.what() << "\n";
    return kBadInput;
  } catch (const std::exception& fault) {
    std::cerr << "rtmodel: unexpected fault: " << fault.what() << "\n";
    return kInternalFault;
  }
  return exit_code;
}
