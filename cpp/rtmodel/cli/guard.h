#pragma once

#include <functional>

namespace rtmodel::cli {

/// Runs a command and turns what it throws into a message on standard error and an exit code.
int guarded(const std::function<int()>& command);

}  // namespace rtmodel::cli
