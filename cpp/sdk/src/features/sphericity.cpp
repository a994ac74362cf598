#include <algorithm>
#include <cmath>

#include "features/guarded.h"
#include "features/input.h"

namespace dh_advisor {
namespace {

/// Half width of the neighbourhood that gives the normal, voxels: enough to see a slope of one in two.
constexpr int kReach = 2;

/// A shape on its grid, asked at coordinates that may lie outside.
class Shape {
 public:
  Shape(const VoxelGrid& grid, VoxelSpan voxels) : grid_(grid), is_inside_(grid.voxel_count(), false) {
    for (const std::uint32_t voxel : voxels) is_inside_[voxel] = true;
  }

  bool has(const std::array<int, 3>& at) const {
    for (int axis = 0; axis < 3; ++axis)
      if (at[axis] < 0 || at[axis] >= static_cast<int>(grid_.size[axis])) return false;
    return is_inside_[grid_.index(at[0], at[1], at[2])];
  }

  /// Points out of the shape: minus the first moment of the inside voxels around a face, near ones weighted most.
  Vector3 normal_at(const std::array<int, 3>& voxel, int axis, int side) const {
    Vector3 face{};
    for (int i = 0; i < 3; ++i) face[i] = voxel[i] + (i == axis ? 0.5 * side : 0.0);
    Vector3 normal{};
    for (int dz = -kReach; dz <= kReach; ++dz) {
      for (int dy = -kReach; dy <= kReach; ++dy) {
        for (int dx = -kReach; dx <= kReach; ++dx) {
          const std::array<int, 3> at{voxel[0] + dx, voxel[1] + dy, voxel[2] + dz};
          // Centred on the face, so the neighbourhood is symmetric about it: one voxel more on the outer side.
          if ((at[axis] - voxel[axis]) * side < 1 - kReach) continue;
          if (!has(at)) continue;
          double square = 0.0;
          for (int i = 0; i < 3; ++i) square += (at[i] - face[i]) * (at[i] - face[i]);
          const double weight = std::exp(-0.5 * square);
          for (int i = 0; i < 3; ++i) normal[i] -= weight * (at[i] - face[i]) * grid_.spacing_mm[i];
        }
      }
    }
    return normal;
  }

 private:
  const VoxelGrid& grid_;
  std::vector<bool> is_inside_;
};

double measure(const VoxelGrid& grid, VoxelSpan voxels) {
  const Shape shape(grid, voxels);
  double surface_mm2 = 0.0;
  double volume_mm3 = 0.0;
  const double voxel_mm3 = grid.spacing_mm[0] * grid.spacing_mm[1] * grid.spacing_mm[2];
  for (const std::uint32_t voxel : voxels) {
    volume_mm3 += voxel_mm3;
    const auto unsigned_at = grid.coordinates(voxel);
    const std::array<int, 3> at{static_cast<int>(unsigned_at[0]), static_cast<int>(unsigned_at[1]),
                                static_cast<int>(unsigned_at[2])};
    for (int axis = 0; axis < 3; ++axis) {
      for (const int side : {-1, 1}) {
        auto next = at;
        next[axis] += side;
        if (shape.has(next)) continue;
        const Vector3 normal = shape.normal_at(at, axis, side);
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

}  // namespace

Status sphericity_of(const VoxelGrid& grid, VoxelSpan voxels, double& sphericity) {
  return guarded("sphericity_of", [&] {
    check_grid(grid);
    check_span(voxels, grid.voxel_count(), "voxels");
    sphericity = measure(grid, voxels);
  });
}

}  // namespace dh_advisor
