#pragma once

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "case/grid.h"
#include "dh_advisor/voxels.h"

/// Grids and sets of voxels as the client library's builders take them.
namespace rtmodel {

inline dh_advisor::VoxelGrid voxel_grid(const Grid& grid) {
  dh_advisor::VoxelGrid out;
  for (int axis = 0; axis < 3; ++axis) out.size[axis] = static_cast<std::uint32_t>(grid.size[axis]);
  out.spacing_mm = grid.spacing_mm;
  out.origin_mm = grid.origin_mm;
  return out;
}

inline std::vector<std::uint32_t> voxels_of(const std::vector<bool>& is_inside) {
  std::vector<std::uint32_t> voxels;
  for (std::size_t i = 0; i < is_inside.size(); ++i)
    if (is_inside[i]) voxels.push_back(static_cast<std::uint32_t>(i));
  return voxels;
}

/// The builders take only what a checked case gives them, so anything else is a fault of this program.
inline void require_ok(const dh_advisor::Status& status) {
  if (!status.ok()) throw std::logic_error(status.message);
}

}  // namespace rtmodel
