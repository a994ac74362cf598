#pragma once

#include <csignal>
#include <string>

namespace rtmodel::testing {

struct ProgramRun {
  int exit_code = -1;
  std::string output;  ///< Standard output and standard error.
};

/// Runs the built `rtmodel` with arguments in shell syntax. As soon as its output contains `interrupt_at`, if that is
/// not empty, the program gets `signal`, without more as by Ctrl-C.
ProgramRun run_program(const std::string& arguments, const std::string& interrupt_at = "", int signal = SIGINT);

}  // namespace rtmodel::testing
