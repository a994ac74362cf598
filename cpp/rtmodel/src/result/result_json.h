#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "case/case.h"
#include "plan/build_problem.h"
#include "run/run.h"

namespace rtmodel {

/// What a result file says besides the plan and the run.
struct ResultContext {
  std::string label;    ///< Legend of the pictures.
  std::string program;  ///< Such as `rtmodel 0.1.0`.
  PlanOptions plan_options;
  RunOptions run_options;
  double read_ms = 0.0;   ///< Reading the case.
  double build_ms = 0.0;  ///< Making the problem.
  bool with_slice = false;
};

/// The result file of a plan, as docs/result-format.md describes it.
nlohmann::json result_json(const Case& value, const BuiltPlan& plan, const RunResult& run,
                           const ResultContext& context);

}  // namespace rtmodel
