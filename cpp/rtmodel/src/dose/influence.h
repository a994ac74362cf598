#pragma once

#include <vector>

#include "dose/density_grid.h"
#include "geometry/beamlet_grid.h"
#include "problem.h"

namespace rtmodel {

/// Dose of every beamlet at the centres of `voxel_of_row`, not yet scaled. Excluded beamlets get empty columns, entries
/// below `kDoseModel.cut_off` of their column's maximum are left out. Parallel over voxels; `threads` (0 = all) never
/// changes a bit.
InfluenceMatrix compute_influence(const DensityGrid& density, const BeamletGrid& beamlets,
                                  const std::vector<int>& voxel_of_row, int threads);

/// Relative electron densities along every beamlet's axis, n x `kPathSamples`, row-major: at the centres of equal
/// pieces from `kPathReachMm` before to `kPathReachMm` behind the isocentre plane, measured along the central axis.
std::vector<double> path_densities(const DensityGrid& density, const BeamletGrid& beamlets, int threads);

inline constexpr int kPathSamples = 100;
inline constexpr double kPathReachMm = 250.0;

}  // namespace rtmodel
