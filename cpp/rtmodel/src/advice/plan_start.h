#pragma once

#include "dh_advisor/plan.h"
#include "pyramid/pyramid.h"
#include "run/run.h"

namespace rtmodel {

/// Introduces a plan to the advisor: the one place that translates problem and options.
dh_advisor::PlanStart plan_start(const PlanProblem& problem, const Pyramid& pyramid, const RunOptions& options);

/// Relative change of F that ends a stage of a solver at a level.
double shipped_tolerance(dh_advisor::SolverKind solver, std::uint32_t level);

}  // namespace rtmodel
