#pragma once

#include <vector>

#include "objective/level_objective.h"
#include "shipped/divergence.h"

namespace rtmodel {

/// F of one level as shipped dH computes it, and the gradient that dH computes beside it. docs/dh-fidelity.md says how
/// each differs from `Objective`. Sums have one order, so that results are the same bits on any machine of a kind. Not
/// thread-safe.
class ShippedObjective final : public LevelObjective {
 public:
  /// All must outlive the objective; `regions` of the level's voxels, one for each structure. Throws
  /// std::invalid_argument.
  ShippedObjective(const Level& level, const std::vector<PlannedStructure>& structures,
                   const std::vector<VoxelRegion>& regions);

  /// dH has no sigma of one structure: throws std::invalid_argument when one is given.
  void set_sigma(double sigma_gy, const StructureSigmas& structure_sigmas = {}) override;

  /// The upper bound, where dH starts and where its kernels are narrowest at the finest level.
  double measuring_variance_gy2() const override { return bounds_.upper_gy2; }

  /// Throws std::invalid_argument for any but the histograms' divergence.
  void set_measure(Measure measure) override;

  double value(const Eigen::VectorXd& weights) override;

  /// F, and dH's gradient by the weights with its sign turned, so that it points uphill as dF/dw does. It is not dF/dw:
  /// its kernels are mixed by beamlet, where the value mixes them by voxel, and the factors of slope and weight are in
  /// the mixture twice.
  double value_and_gradient(const Eigen::VectorXd& weights, Eigen::VectorXd& gradient) override;

 private:
  void project(const Eigen::VectorXd& weights);
  double sum_over_structures(bool with_slopes);
  /// Part of a beamlet's gradient that the wide kernel gives, in [0, 1].
  double wide_part(Eigen::Index beamlet, double fraction) const;
  /// The variance of a beamlet as the value uses it: with the factors, inside the bounds, Gy^2.
  double actual_variance_gy2(Eigen::Index beamlet, double fraction) const;

  std::vector<ShippedDivergence> divergences_;
  ShippedDoses doses_;
  Eigen::VectorXd wide_weights_;
};

}  // namespace rtmodel
