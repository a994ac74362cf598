#pragma once

#include <vector>

#include "case/grid.h"

namespace rtmodel {

/// Surface of the equal-volume ball over the surface of `is_inside`, in (0, 1]; 1 for an empty set.
///
/// The surface is that of the voxels' outer faces, each weighted with the cosine between the face and the local normal
/// of the smoothed shape, because bare faces overestimate slanted surfaces by up to the root of three.
double sphericity(const Grid& grid, const std::vector<bool>& is_inside);

}  // namespace rtmodel
