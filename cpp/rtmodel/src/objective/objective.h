#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <map>
#include <vector>

#include "objective/dose_error.h"
#include "objective/structure_divergence.h"
#include "pyramid/pyramid.h"

namespace rtmodel {

/// Histogram sigmas of the structures that were given one, at the finest level, Gy, by structure index.
using StructureSigmas = std::map<std::uint32_t, double>;

/// What is measured of a plan: the divergence of its histograms, which plans are optimized for, and the squared dose
/// error (`DoseError`), which prepares starts, each times its factor.
struct Measure {
  double histograms = 1.0;
  double dose_error = 0.0;
};

/// F of one level: the weighted sum of the structures' divergences, as a function of the beamlet weights.
///
/// Results are the same bits for any number of threads. Not thread-safe: it keeps its buffers; make one for each
/// thread.
class Objective {
 public:
  /// `level` and `structures` must outlive the objective. `threads` 0 = one for small
  /// matrices, what OpenMP finds for large ones.
  Objective(const Level& level, const std::vector<PlannedStructure>& structures, int threads);

  /// Sets the histogram sigma, in Gy, and puts every variance at its upper bound. A structure in `structure_sigmas`
  /// uses its own sigma times sigma_gy / kLevelSigmaGy[0]. Throws std::invalid_argument for sigmas that are not
  /// positive.
  void set_sigma(double sigma_gy, const StructureSigmas& structure_sigmas = {});

  /// Adaptive variance by beamlet, Gy^2; clamped to the bounds.
  void set_variance(const Eigen::VectorXd& variance_gy2);
  void set_variance_to_minimum();

  /// From the next call on; factors at least 0. Sigma and variance have no say in the dose error.
  void set_measure(Measure measure) { measure_ = measure; }

  const Eigen::VectorXd& variance_gy2() const { return variance_gy2_; }
  bool is_at_minimum() const { return is_at_minimum_; }
  VarianceBounds bounds() const { return bounds_; }
  double sigma_gy() const { return sigma_gy_; }
  const Level& level() const { return level_; }
  int size() const { return level_.beamlet_count(); }

  /// Weights in [0, kWeightCeiling], excluded beamlets 0.
  double value(const Eigen::VectorXd& weights);
  /// The gradient is by the weights, with the voxels' shares held; 0 for excluded beamlets.
  double value_and_gradient(const Eigen::VectorXd& weights, Eigen::VectorXd& gradient);

  /// Keeps the voxels' shares of the last call from now on, so that differences of values can be compared with the
  /// gradient.
  void hold_shares(bool hold) { holds_shares_ = hold; }

  /// How much F feels each beamlet, Gy per unit weight: the norm of its column, where a voxel counts by the weight that
  /// its structures give it, over the mean of all voxels, with `structure_share` in [0, 1], and by 1 with the rest.
  Eigen::VectorXd felt_norms(double structure_share) const;

  /// Of the last call, Gy by row.
  const std::vector<double>& dose_gy() const { return dose_gy_; }

 private:
  bool update_shared_weights(const Eigen::VectorXd& weights);
  void project(const Eigen::VectorXd& weights);
  double sum_over_structures(bool with_slopes);
  void back_project(Eigen::VectorXd& gradient);
  double row_slope(int row) const;

  const Level& level_;
  int threads_;
  double sigma_gy_ = 0.0;
  VarianceBounds bounds_{};
  Eigen::VectorXd variance_gy2_;
  bool is_at_minimum_ = false;
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

/// The part of a beamlet's dose that the wide kernel smooths, in [0, 1], from its variance, its weight's fraction q of
/// the ceiling and the level: (clamp(v (4 q (1 - q))^2 (2 q)^2) - v_min) / (v_max - v_min); the factors are 1 at the
/// coarsest.
double variance_share(double variance_gy2, double fraction, VarianceBounds bounds, bool is_coarsest);

}  // namespace rtmodel
