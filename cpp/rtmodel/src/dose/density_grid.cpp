#include "dose/density_grid.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dose/dose_model.h"

namespace rtmodel {

DensityGrid DensityGrid::from_ct(const Case& value) {
  DensityGrid result{value.grid, std::vector<float>(value.ct_hu.size())};
  for (std::size_t i = 0; i < value.ct_hu.size(); ++i)
    result.density[i] = static_cast<float>(relative_density(value.ct_hu[i]));
  return result;
}

double DensityGrid::water_equivalent_mm(const Vector3& from_mm, const Vector3& to_mm) const {
  const double infinity = std::numeric_limits<double>::infinity();
  const double length = std::hypot(to_mm[0] - from_mm[0], to_mm[1] - from_mm[1], to_mm[2] - from_mm[2]);
  if (length == 0.0) return 0.0;
  // In voxels, with voxel i covering [i, i + 1); the line runs from parameter 0 to 1.
  Vector3 start{}, step{};
  double enter = 0.0, leave = 1.0;
  for (int axis = 0; axis < 3; ++axis) {
    start[axis] = (from_mm[axis] - grid.origin_mm[axis]) / grid.spacing_mm[axis] + 0.5;
    step[axis] = (to_mm[axis] - from_mm[axis]) / grid.spacing_mm[axis];
    if (step[axis] == 0.0) {
      if (start[axis] < 0.0 || start[axis] >= grid.size[axis]) return 0.0;
      continue;
    }
    const double first = -start[axis] / step[axis];
    const double second = (grid.size[axis] - start[axis]) / step[axis];
    enter = std::max(enter, std::min(first, second));
    leave = std::min(leave, std::max(first, second));
  }
  if (enter >= leave) return 0.0;

  std::array<int, 3> voxel{}, direction{};
  Vector3 next{}, per_voxel{};
  for (int axis = 0; axis < 3; ++axis) {
    const double position = start[axis] + enter * step[axis];
    voxel[axis] = std::clamp(static_cast<int>(std::floor(position)), 0, grid.size[axis] - 1);
    direction[axis] = step[axis] > 0.0 ? 1 : -1;
    per_voxel[axis] = step[axis] == 0.0 ? infinity : 1.0 / std::fabs(step[axis]);
    const double border = voxel[axis] + (step[axis] > 0.0 ? 1.0 : 0.0);
    next[axis] = step[axis] == 0.0 ? infinity : (border - start[axis]) / step[axis];
  }
  double sum = 0.0, at = enter;
  while (at < leave) {
    const int axis = next[0] <= next[1] ? (next[0] <= next[2] ? 0 : 2) : (next[1] <= next[2] ? 1 : 2);
    const double until = std::min(next[axis], leave);
    if (until > at) {
      sum += (until - at) * density[grid.index(voxel[0], voxel[1], voxel[2])];
      at = until;
    }
    voxel[axis] += direction[axis];
    if (voxel[axis] < 0 || voxel[axis] >= grid.size[axis]) break;
    next[axis] += per_voxel[axis];
  }
  return sum * length;
}

}  // namespace rtmodel
