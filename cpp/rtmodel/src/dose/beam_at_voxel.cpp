#include "dose/beam_at_voxel.h"

namespace rtmodel {

std::vector<VoxelInBeam> see_voxels(const DensityGrid& density, const BeamletGrid& beamlets,
                                    const std::vector<int>& voxel_of_row, int threads) {
  const int beams = static_cast<int>(beamlets.beams.size());
  const int rows = static_cast<int>(voxel_of_row.size());
  std::vector<VoxelInBeam> seen(static_cast<std::size_t>(rows) * beams);
#pragma omp parallel for schedule(dynamic, 64) num_threads(threads)
  for (int row = 0; row < rows; ++row) {
    const Vector3 center = density.grid.center_mm(voxel_of_row[row]);
    for (int b = 0; b < beams; ++b) {
      const BeamFrame& frame = beamlets.frames[b];
      auto& voxel = seen[static_cast<std::size_t>(row) * beams + b];
      voxel.point = frame.project(center);
      const double distance =
          std::hypot(center[0] - frame.source_mm[0], center[1] - frame.source_mm[1], center[2] - frame.source_mm[2]);
      const double inverse = kSourceAxisDistanceMm / distance;
      voxel.open_dose = depth_dose(density.water_equivalent_mm(center, frame.source_mm)) * inverse * inverse;
    }
  }
  return seen;
}

}  // namespace rtmodel
