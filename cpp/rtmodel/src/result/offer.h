#pragma once

#include "case/case.h"
#include "plan/build_problem.h"
#include "run/run.h"

namespace rtmodel {

/// Puts into `options` what only the maker of a problem can tell an advisor: path densities, volumes, and dose metrics
/// at the end. Borrows the case and the plan for the run.
void offer_geometry(const Case& value, const BuiltPlan& plan, RunOptions& options);

}  // namespace rtmodel
