#pragma once

#include <vector>

#include "dh_advisor/features.h"
#include "dose/density_grid.h"
#include "geometry/beamlet_grid.h"
#include "problem.h"

namespace rtmodel {

/// Dose of every beamlet at the centres of `voxel_of_row`, not yet scaled. Excluded beamlets get empty columns, entries
/// below `kDoseModel.cut_off` of their column's maximum are left out. Parallel over voxels; `threads` (0 = all) never
/// changes a bit.
InfluenceMatrix compute_influence(const DensityGrid& density, const BeamletGrid& beamlets,
                                  const std::vector<int>& voxel_of_row, int threads);

/// Relative electron densities along every beamlet's axis, n x 100: `dh_advisor::build_path_density`.
std::vector<double> path_densities(const DensityGrid& density, const std::vector<dh_advisor::Beam>& beams,
                                   const Vector3& isocenter_mm);

}  // namespace rtmodel
