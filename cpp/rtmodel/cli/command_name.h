#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace rtmodel::cli {

/// What is wrong with the name of the command on the command line, with the known one that is most like it; empty when
/// it is known or when there is none, which CLI11 tells itself.
std::string fault_of_command(const CLI::App& app, int argc, const char* const* argv);

}  // namespace rtmodel::cli
