#pragma once

#include "rtmodel/advice/scripted_advice.h"
#include "rtmodel/small_plan/small_plan.h"
#include "run/run.h"

namespace rtmodel::testing {

/// The small plan with a scripted advisor, and the plan without one beside it.
struct AdvisedPlan {
  RunResult run() { return run_plan(problem, options, silent, advice); }

  PlanProblem problem = small_plan();
  RunOptions options;
  SilentSink silent;
  ScriptedAdvice advice;
  RunResult alone;  ///< Made by the fixture, with its options.
};

}  // namespace rtmodel::testing
