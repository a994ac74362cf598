#pragma once

#include <vector>

#include "problem.h"

namespace rtmodel {

/// Fills `geometry` of every structure: sphericity of the contour inside the region, mean gradient of the dose of
/// uniform weights, distance to the nearest voxel of `is_target`. Needs the scaled influence matrix.
void describe_geometry(const std::vector<bool>& is_target, PlanProblem& problem);

}  // namespace rtmodel
