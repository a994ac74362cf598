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
