#include "run/run.h"

#include "advice/advice_source.h"
#include "run/plan_run.h"

namespace rtmodel {

const char* name_of(CovarianceMode mode) {
  switch (mode) {
    case CovarianceMode::kFull:
      return "full";
    case CovarianceMode::kIncremental:
      return "incremental";
    case CovarianceMode::kPredicted:
      return "predicted";
    case CovarianceMode::kFixed:
      return "fixed";
  }
  return "unknown";
}

const char* name_of(SafeguardReason reason) {
  switch (reason) {
    case SafeguardReason::kStart:
      return "start";
    case SafeguardReason::kStrict:
      return "strict";
    case SafeguardReason::kLost:
      return "lost";
  }
  return "unknown";
}

Quality quality_of(const RunOptions& options) {
  const bool is_dh = options.solver == dh_advisor::SolverKind::kDh;
  return options.quality.value_or(is_dh ? Quality::kFast : Quality::kBalanced);
}

RunResult run_plan(const PlanProblem& problem, const RunOptions& options, ProgressSink& progress,
                   AdviceSource& source) {
  return PlanRun(problem, options, progress, source).run();
}

RunResult run_plan(const PlanProblem& problem, const RunOptions& options, ProgressSink& progress) {
  if (!options.advisor || options.advisor->mode == dh_advisor::AdviceMode::kOff) {
    NoAdvice nobody;
    return run_plan(problem, options, progress, nobody);
  }
  SessionAdvice session(*options.advisor);
  return run_plan(problem, options, progress, session);
}

}  // namespace rtmodel
