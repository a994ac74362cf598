#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace rtmodel {

using Vector3 = std::array<double, 3>;

/// Voxels of the largest grid that is read: memory for a plan of it stays within some GB, and every index is an int.
constexpr std::size_t kMostVoxels = 100'000'000;

/// A regular grid of voxels in DICOM LPS (x to the patient's left, y posterior, z superior), x fastest.
struct Grid {
  std::array<int, 3> size{};
  Vector3 spacing_mm{};
  Vector3 origin_mm{};  ///< Centre of voxel (0, 0, 0).

  std::size_t voxel_count() const {
    return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) * static_cast<std::size_t>(size[2]);
  }
  int index(int x, int y, int z) const { return x + size[0] * (y + size[1] * z); }
  std::array<int, 3> coordinates(int voxel) const {
    return {voxel % size[0], voxel / size[0] % size[1], voxel / (size[0] * size[1])};
  }
  bool contains(int x, int y, int z) const {
    return x >= 0 && y >= 0 && z >= 0 && x < size[0] && y < size[1] && z < size[2];
  }
  Vector3 center_mm(int voxel) const {
    const auto at = coordinates(voxel);
    Vector3 center{};
    for (int axis = 0; axis < 3; ++axis) center[axis] = origin_mm[axis] + at[axis] * spacing_mm[axis];
    return center;
  }
  double voxel_volume_cc() const { return spacing_mm[0] * spacing_mm[1] * spacing_mm[2] / 1000.0; }
};

}  // namespace rtmodel
