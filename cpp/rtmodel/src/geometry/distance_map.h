#pragma once

#include <vector>

#include "case/grid.h"

namespace rtmodel {

/// Distance in mm from every voxel's centre to the nearest centre of a voxel set in `is_inside`, exact, infinite when
/// none is set.
std::vector<float> distance_to(const Grid& grid, const std::vector<bool>& is_inside);

}  // namespace rtmodel
