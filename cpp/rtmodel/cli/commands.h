#pragma once

#include <CLI/CLI.hpp>

/// The commands of `rtmodel`, one a file. Each registers itself; its callback throws InputError for bad input and sets
/// `exit_code` for a result that is not a success.
namespace rtmodel::cli {

/// What the program ends with; docs/command-line.md lists them, too.
enum ExitCode : int {
  kSuccess = 0,
  kBadInput = 1,       ///< A case, file or value can't be used; the message says how to fix it.
  kUsage = 2,          ///< The command line is not understood.
  kCancelled = 3,      ///< Interrupted; `optimize` has written the plan it had.
  kInternalFault = 4,  ///< A fault of the program.
  kNoAdvice = 5,       ///< Done, but advice that was required was missing.
};

void add_check(CLI::App& app, int& exit_code);
void add_info(CLI::App& app);
void add_phantom(CLI::App& app);
void add_optimize(CLI::App& app, int& exit_code);
void add_collect(CLI::App& app, int& exit_code);
void add_plot(CLI::App& app);

}  // namespace rtmodel::cli
