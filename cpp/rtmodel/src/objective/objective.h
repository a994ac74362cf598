#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "objective/dose_error.h"
#include "objective/level_objective.h"
#include "objective/structure_divergence.h"

namespace rtmodel {

/// F of one level: the weighted sum of the structures' divergences, as a function of the beamlet weights.
///
/// Results are the same bits for any number of threads. Not thread-safe: it keeps its buffers; make one for each
/// thread.
class Objective final : public LevelObjective {
 public:
  /// `level` and `structures` must outlive the objective. `threads` 0 = one for small
  /// matrices, what OpenMP finds for large ones.
  Objective(const Level& level, const std::vector<PlannedStructure>& structures, int threads);

  /// A structure in `structure_sigmas` uses its own sigma times sigma_gy / kLevelSigmaGy[0].
  void set_sigma(double sigma_gy, const StructureSigmas& structure_sigmas = {}) override;

  /// The minimum: F_ref has it everywhere.
  double measuring_variance_gy2() const override { return bounds_.lower_gy2; }

  void set_measure(Measure measure) override { measure_ = measure; }

  double value(const Eigen::VectorXd& weights) override;
  /// The gradient is true with the voxels' shares held.
  double value_and_gradient(const Eigen::VectorXd& weights, Eigen::VectorXd& gradient) override;

  /// Keeps the voxels' shares of the last call from now on, so that differences of values can be compared with the
  /// gradient.
  void hold_shares(bool hold) { holds_shares_ = hold; }

  /// How much F feels each beamlet, Gy per unit weight: the norm of its column, where a voxel counts by the weight that
  /// its structures give it, over the mean of all voxels, with `structure_share` in [0, 1], and by 1 with the rest.
  Eigen::VectorXd felt_norms(double structure_share) const override;

  /// Of the last call, Gy by row.
  const std::vector<double>& dose_gy() const { return dose_gy_; }

 private:
  bool update_shared_weights(const Eigen::VectorXd& weights);
  void project(const Eigen::VectorXd& weights);
  double sum_over_structures(bool with_slopes);
  void back_project(Eigen::VectorXd& gradient);
  double row_slope(int row) const;

  int threads_;
  Measure measure_;
  bool holds_shares_ = false;

  std::vector<StructureDivergence> divergences_;
  std::vector<DoseError> dose_errors_;            // of the same structures
  std::vector<std::uint32_t> structure_indices_;  // of the divergences: structures without weight have none
  std::vector<int> row_structures_begin_;         // divergences that hold a row, compressed by row
  std::vector<int> row_structures_;

  Eigen::VectorXd shared_weights_;
  bool has_shares_ = false;
  std::vector<double> dose_gy_;
  std::vector<double> share_;
  std::vector<double> structure_values_;
  Eigen::MatrixXd block_gradients_;
};

}  // namespace rtmodel
