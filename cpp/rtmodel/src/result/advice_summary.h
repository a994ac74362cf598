#pragma once

#include <string>

#include "run/run.h"

namespace rtmodel {

/// Why a plan that asked for advice had none, or not all of it, in one sentence: never connected, refused, fell silent,
/// stopped by an operator, late, failed. Empty when it had all, or did not ask. Thread-safe.
std::string missing_advice(const AdviceResult& advice);

/// Whether the session lasted from the start of the plan to its end, with a plugin for some role, and no role that a
/// plugin serves was switched off. Single answers may have been late. Thread-safe.
bool has_required_advice(const AdviceResult& advice);

}  // namespace rtmodel
