#pragma once

#include <optional>
#include <string>
#include <vector>

#include "case/case.h"

namespace rtmodel {

/// The slices a plan looks at.
struct Region {
  int slice = 0;  ///< The isocentre slice.
  int first_slice = 0;
  int last_slice = 0;  ///< Inclusive.
  Vector3 isocenter_mm{};

  bool contains(const Grid& grid, std::size_t voxel) const {
    const int z = static_cast<int>(voxel) / (grid.size[0] * grid.size[1]);
    return z >= first_slice && z <= last_slice;
  }
};

/// All slices, or those within `window_mm` of the isocentre slice. A window whose isocentre slice shows no target moves
/// to the nearest slice with the most targets, and says so in `notes`. The isocentre then lies in the slice's plane, so
/// that the one row of beamlets is centred on the window.
Region choose_region(const Case& value, const std::optional<double>& window_mm, std::vector<std::string>& notes);

}  // namespace rtmodel
