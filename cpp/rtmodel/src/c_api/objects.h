#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "case/case.h"
#include "objective/objective.h"
#include "plan/build_problem.h"
#include "pyramid/pyramid.h"
#include "run/run.h"

/// What hides behind the handles of `rtmodel/rtmodel.h`.
struct rtmodel_problem {
  rtmodel::Case value;
  rtmodel::PlanOptions options;
  rtmodel::BuiltPlan plan;
  double read_ms = 0.0;
  double build_ms = 0.0;
};

struct rtmodel_optimizer {
  const rtmodel_problem* problem = nullptr;
  rtmodel::RunOptions options;
  std::atomic<bool> is_cancelled{false};
  std::optional<rtmodel::RunResult> result;
  std::string result_json;
};

struct rtmodel_objective {
  rtmodel_objective(const rtmodel::PlanProblem& problem, std::uint32_t level, int threads)
      : pyramid(problem), value(pyramid.level(level), problem.structures, threads) {}
  rtmodel::Pyramid pyramid;
  rtmodel::Objective value;
};
