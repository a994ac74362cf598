#pragma once

#include <string>

#include "arguments/plan_arguments.h"
#include "arguments/run_arguments.h"

namespace rtmodel::cli {

/// Everything `optimize` is told.
struct OptimizeArguments {
  PlanArguments plan;
  RunArguments run;
  std::string out;
  std::string dose;
  std::string html;
  std::string plot_folder;
  std::string label;
  bool is_quiet = false;
  bool tells_warnings = false;  ///< Of the case, also when quiet.
  bool requires_advice = false;
  bool keeps_unfinished = true;  ///< A plan that was interrupted, or that its solver could not finish, is written, too.
};

/// Plans one case and writes what was asked for. Outputs are opened before it is planned. Returns kSuccess,
/// kCancelled, kNoAdvice, or kBadInput when the solver could not finish the plan; throws InputError.
int optimize(const OptimizeArguments& arguments);

}  // namespace rtmodel::cli
