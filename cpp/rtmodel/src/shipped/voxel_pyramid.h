#pragma once

#include <array>
#include <vector>

#include "pyramid/pyramid.h"
#include "shipped/divergence.h"

namespace rtmodel {

/// dH's levels, whose voxels are coarser, too: twice as large from level to level, in both directions of a slice and,
/// where there are several slices, across them. A coarse voxel has the dose of the voxels below smoothed by a Gaussian
/// of one of their widths, and as much of a structure as the smoothed mask says. Voxels that are not planned have no
/// dose: near them the mean is that of the planned ones.
class ShippedPyramid final : public Pyramid {
 public:
  /// Throws std::invalid_argument when the problem does not say where its voxels lie.
  explicit ShippedPyramid(const PlanProblem& problem);

  /// A level's voxels inside each structure of the problem, in their order. Makes the level.
  const std::vector<VoxelRegion>& regions(std::uint32_t index);

 protected:
  InfluenceMatrix at_own_voxels(std::uint32_t index, InfluenceMatrix doses) override;

 private:
  using Place = std::array<int, 3>;

  std::array<std::vector<Place>, kLevelCount> places_;  // of a level's rows: z, y, x
  std::array<std::vector<VoxelRegion>, kLevelCount> regions_;
};

}  // namespace rtmodel
