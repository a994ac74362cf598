#include <csignal>
#include <iostream>

#include "command_name.h"
#include "commands.h"
#include "guard.h"

int main(int argc, char** argv) {
  using namespace rtmodel::cli;
  // Who reads the output may go; the work goes on and is written.
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app{"Reference radiotherapy plan optimizer of dh-advisor. Research software: not for treating anybody.",
               "rtmodel"};
  app.set_version_flag("--version", RTMODEL_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 done, 1 input that can't be used, 2 command line not understood, 3 interrupted, 4 fault of the "
      "program, 5 required advice was missing.");
  int exit_code = kSuccess;
  add_check(app, exit_code);
  add_info(app);
  add_phantom(app);
  add_optimize(app, exit_code);
  add_collect(app, exit_code);
  add_plot(app);
  if (const std::string fault = fault_of_command(app, argc, argv); !fault.empty()) {
    std::cerr << "rtmodel: " << fault << "\n";
    return kUsage;
  }
  return guarded([&] {
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& fault) {
      return app.exit(fault) == 0 ? int{kSuccess} : int{kUsage};
    }
    return exit_code;
  });
}
