#pragma once

#include <string>

#include "plan_arguments.h"
#include "run_arguments.h"

namespace rtmodel::cli {

/// Everything `optimize` is told.
struct OptimizeArguments {
  PlanArguments plan;
  RunArguments run;
  std::string out;
  std::string plot_folder;
  std::string label;
  bool is_quiet = false;
};

/// Plans one case and writes what was asked for. Returns kSuccess or kCancelled; throws InputError.
int optimize(const OptimizeArguments& arguments);

}  // namespace rtmodel::cli
