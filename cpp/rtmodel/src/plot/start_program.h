#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace rtmodel {

/// How a program ended.
struct ProgramEnd {
  std::string why_not_started;  ///< Empty when it was.
  int exit_code = -1;           ///< -1 when it was ended from outside.
};

/// Runs a program of the search path inside `folder`, without a shell, and waits for its end. `arguments` have no
/// double quotes and end with no backslash.
ProgramEnd run_program(const std::string& program, const std::vector<std::string>& arguments,
                       const std::filesystem::path& folder);

}  // namespace rtmodel
