#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <map>

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

/// F of one level, as a function of the beamlet weights, and the state it depends on: sigma and adaptive variance. Not
/// thread-safe: it keeps its buffers.
class LevelObjective {
 public:
  /// `level` must outlive the objective.
  explicit LevelObjective(const Level& level) : level_(level) {}
  virtual ~LevelObjective() = default;

  /// Sets the histogram sigma, in Gy, and puts every variance at its upper bound. Throws std::invalid_argument for
  /// sigmas that are not positive.
  virtual void set_sigma(double sigma_gy, const StructureSigmas& structure_sigmas) = 0;

  /// Adaptive variance by beamlet, Gy^2; clamped to the bounds.
  void set_variance(const Eigen::VectorXd& variance_gy2);
  void set_variance_to_minimum() { set_variance(Eigen::VectorXd::Constant(size(), bounds_.lower_gy2)); }
  /// The one variance at which plans are measured and starts compared, Gy^2.
  virtual double measuring_variance_gy2() const = 0;

  /// From the next call on; factors at least 0. Sigma and variance have no say in the dose error. Throws
  /// std::invalid_argument for a measure that the objective does not have.
  virtual void set_measure(Measure measure) = 0;

  /// Weights in [0, kWeightCeiling], excluded beamlets 0.
  virtual double value(const Eigen::VectorXd& weights) = 0;
  /// The gradient is by the weights; 0 for excluded beamlets.
  virtual double value_and_gradient(const Eigen::VectorXd& weights, Eigen::VectorXd& gradient) = 0;

  /// How much F feels each beamlet, Gy per unit weight, the more by the structures' weights the nearer
  /// `structure_share` is to 1; every voxel alike where the objective does not know better.
  virtual Eigen::VectorXd felt_norms(double /*structure_share*/) const { return level_.column_norms; }

  const Eigen::VectorXd& variance_gy2() const { return variance_gy2_; }
  bool is_at_minimum() const { return is_at_minimum_; }
  VarianceBounds bounds() const { return bounds_; }
  double sigma_gy() const { return sigma_gy_; }
  const Level& level() const { return level_; }
  int size() const { return level_.beamlet_count(); }

 protected:
  /// Checks a sigma, takes it over with its bounds, and puts every variance at its upper bound.
  void take_sigma(double sigma_gy);
  /// Throws std::invalid_argument.
  static void check_sigma(double sigma_gy);

  const Level& level_;
  double sigma_gy_ = 0.0;
  VarianceBounds bounds_{};
  Eigen::VectorXd variance_gy2_;
  bool is_at_minimum_ = false;
};

/// The part of a beamlet's dose that the wide kernel smooths, in [0, 1], from its variance, its weight's fraction q of
/// the ceiling and the level: (clamp(v (4 q (1 - q))^2 (2 q)^2) - v_min) / (v_max - v_min); the factors are 1 at the
/// coarsest.
double variance_share(double variance_gy2, double fraction, VarianceBounds bounds, bool is_coarsest);

}  // namespace rtmodel
