#include "geometry/sphericity.h"

#include <algorithm>
#include <cmath>

namespace rtmodel {
namespace {

/// Half width of the neighbourhood that gives the normal, voxels: enough to see a slope of one in two.
constexpr int kReach = 2;

/// Points out of the shape: minus the first moment of the inside voxels around a face, near ones weighted most.
Vector3 normal_at(const Grid& grid, const std::vector<bool>& is_inside, const std::array<int, 3>& voxel, int axis,
                  int side) {
  Vector3 face{};
  for (int i = 0; i < 3; ++i) face[i] = voxel[i] + (i == axis ? 0.5 * side : 0.0);
  Vector3 normal{};
  for (int dz = -kReach; dz <= kReach; ++dz) {
    for (int dy = -kReach; dy <= kReach; ++dy) {
      for (int dx = -kReach; dx <= kReach; ++dx) {
        std::array<int, 3> at{voxel[0] + dx, voxel[1] + dy, voxel[2] + dz};
        // Centred on the face, so the neighbourhood is symmetric about it: one voxel more on the outer side.
        if ((at[axis] - voxel[axis]) * side < 1 - kReach) continue;
        if (!grid.contains(at[0], at[1], at[2]) || !is_inside[grid.index(at[0], at[1], at[2])]) continue;
        double square = 0.0;
        for (int i = 0; i < 3; ++i) square += (at[i] - face[i]) * (at[i] - face[i]);
        const double weight = std::exp(-0.5 * square);
        for (int i = 0; i < 3; ++i) normal[i] -= weight * (at[i] - face[i]) * grid.spacing_mm[i];
      }
    }
  }
  return normal;
}

}  // namespace

double sphericity(const Grid& grid, const std::vector<bool>& is_inside) {
  double surface_mm2 = 0.0;
  double volume_mm3 = 0.0;
  const double voxel_mm3 = grid.spacing_mm[0] * grid.spacing_mm[1] * grid.spacing_mm[2];
  for (std::size_t i = 0; i < is_inside.size(); ++i) {
    if (!is_inside[i]) continue;
    volume_mm3 += voxel_mm3;
    const auto at = grid.coordinates(static_cast<int>(i));
    for (int axis = 0; axis < 3; ++axis) {
      for (const int side : {-1, 1}) {
        auto next = at;
        next[axis] += side;
        if (grid.contains(next[0], next[1], next[2]) && is_inside[grid.index(next[0], next[1], next[2])]) continue;
        const Vector3 normal = normal_at(grid, is_inside, at, axis, side);
        const double length = std::hypot(normal[0], normal[1], normal[2]);
        const double cosine = length > 0.0 ? std::fabs(normal[axis]) / length : 1.0;
        surface_mm2 += cosine * voxel_mm3 / grid.spacing_mm[axis];
      }
    }
  }
  if (volume_mm3 == 0.0) return 1.0;
  const double ball_mm2 = std::cbrt(36.0 * std::acos(-1.0) * volume_mm3 * volume_mm3);
  return std::min(1.0, ball_mm2 / surface_mm2);
}

}  // namespace rtmodel
