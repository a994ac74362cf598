#pragma once

#include <vector>

#include "case/case.h"
#include "plan/build_problem.h"

namespace rtmodel {

/// Dose in Gy of every voxel of the case's grid, x fastest: what `weights` (length n, else throws
/// std::invalid_argument) give in the body, planned slices or not, and 0 outside of it. At planned voxels what
/// `recompute_dose` says, to rounding. Takes memory of a slice at a time beyond its result; `threads` (0 = all) never
/// changes a bit.
std::vector<float> body_dose(const Case& value, const BuiltPlan& plan, const std::vector<double>& weights, int threads);

}  // namespace rtmodel
