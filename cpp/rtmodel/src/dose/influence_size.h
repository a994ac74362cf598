#pragma once

#include <optional>
#include <vector>

#include "dose/density_grid.h"
#include "geometry/beamlet_grid.h"

namespace rtmodel {

/// What a plan's influence matrix will take, before it is made.
struct InfluenceSize {
  double entries = 0.0;
  double memory_gb = 0.0;  ///< Of the whole plan at its highest, 10^9 bytes.
};

/// Estimates from a sample of voxels, within some tens of per cent.
InfluenceSize estimate_influence(const DensityGrid& density, const BeamletGrid& beamlets,
                                 const std::vector<int>& voxel_of_row, int threads);

/// Three quarters of the memory that this process may have, 10^9 bytes: the machine's, or its container's.
double default_memory_limit_gb();

/// Throws InputError with the estimate where the matrix has more entries than can be held, or planning takes more than
/// `limit_gb`; absent: `default_memory_limit_gb`.
void require_room(const InfluenceSize& size, std::optional<double> limit_gb);

}  // namespace rtmodel
