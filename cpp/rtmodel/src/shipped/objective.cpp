#include "shipped/objective.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "objective/parameterization.h"

namespace rtmodel {
namespace {

/// dH leaves out terms of less weight.
constexpr double kLeastWeight = 1e-5;

/// dH's factors of the sigmoid's slope and of the weight, squared; 1 where the weight is half its ceiling.
double slope_and_weight(double fraction) {
  const double slope = 4.0 * fraction * (1.0 - fraction);
  const double weight = 2.0 * fraction;
  return slope * slope * weight * weight;
}

}  // namespace

ShippedObjective::ShippedObjective(const Level& level, const std::vector<PlannedStructure>& structures,
                                   const std::vector<VoxelRegion>& regions)
    : LevelObjective(level) {
  for (std::size_t i = 0; i < structures.size(); ++i) {
    if (structures[i].description.objective_weight < kLeastWeight) continue;
    divergences_.emplace_back(structures[i].description, regions.at(i));
  }
  if (divergences_.empty()) {
    throw std::invalid_argument("no structure has an objective weight of 1e-5 or more: give at least one");
  }
  doses_.dose_gy.resize(static_cast<std::size_t>(level.runs.rows()));
  doses_.wide_share.resize(doses_.dose_gy.size());
  wide_weights_.resize(size());
  set_sigma(kShippedLevelSigmaGy[level.index]);
}

void ShippedObjective::set_sigma(double sigma_gy, const StructureSigmas& structure_sigmas) {
  if (!structure_sigmas.empty()) {
    throw std::invalid_argument("shipped dH has one sigma for all structures of a level: give stages instead");
  }
  take_sigma(sigma_gy);
  for (ShippedDivergence& divergence : divergences_) divergence.set_wide_sigma(std::sqrt(bounds_.upper_gy2));
}

void ShippedObjective::set_measure(Measure measure) {
  if (measure.histograms != 1.0 || measure.dose_error != 0.0) {
    throw std::invalid_argument("shipped dH has no dose error: prepare no start");
  }
}

double ShippedObjective::actual_variance_gy2(Eigen::Index beamlet, double fraction) const {
  const double factor = level_.index == kCoarsestLevel ? 1.0 : slope_and_weight(fraction);
  return std::clamp(variance_gy2_[beamlet] * factor, bounds_.lower_gy2, bounds_.upper_gy2);
}

double ShippedObjective::wide_part(Eigen::Index beamlet, double fraction) const {
  // The factors once more, also at the coarsest level, and between the histograms' bounds, not the optimizer's.
  constexpr double kNarrow = kShippedNarrowSigmaGy * kShippedNarrowSigmaGy;
  const double variance = actual_variance_gy2(beamlet, fraction) * slope_and_weight(fraction);
  const double range = bounds_.upper_gy2 - kNarrow;
  return range == 0.0 ? 1.0 : std::clamp((variance - kNarrow) / range, 0.0, 1.0);
}

void ShippedObjective::project(const Eigen::VectorXd& weights) {
  const bool is_coarsest = level_.index == kCoarsestLevel;
  for (Eigen::Index i = 0; i < weights.size(); ++i) {
    wide_weights_[i] = weights[i] * variance_share(variance_gy2_[i], weights[i] / kWeightCeiling, bounds_, is_coarsest);
  }
  for (int row = 0; row < level_.runs.rows(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    double wide = 0.0;
    level_.runs.doses(row, weights.data(), wide_weights_.data(), doses_.dose_gy[at], wide);
    doses_.wide_share[at] = doses_.dose_gy[at] > 0.0 ? std::min(wide / doses_.dose_gy[at], 1.0) : 0.0;
  }
}

double ShippedObjective::sum_over_structures(bool with_slopes) {
  double sum = 0.0;
  for (ShippedDivergence& divergence : divergences_) sum += divergence.evaluate(doses_, with_slopes);
  return sum;
}

double ShippedObjective::value(const Eigen::VectorXd& weights) {
  project(weights);
  return sum_over_structures(false);
}

double ShippedObjective::value_and_gradient(const Eigen::VectorXd& weights, Eigen::VectorXd& gradient) {
  project(weights);
  const double value = sum_over_structures(true);
  std::vector<double> narrow_slopes(doses_.dose_gy.size(), 0.0);
  std::vector<double> wide_slopes(doses_.dose_gy.size(), 0.0);
  for (const ShippedDivergence& divergence : divergences_) divergence.add_slopes(doses_, narrow_slopes, wide_slopes);
  Eigen::VectorXd narrow = Eigen::VectorXd::Zero(size());
  Eigen::VectorXd wide = Eigen::VectorXd::Zero(size());
  for (int row = 0; row < level_.runs.rows(); ++row) {
    level_.runs.add_scaled_row(row, narrow_slopes[static_cast<std::size_t>(row)], narrow.data());
    level_.runs.add_scaled_row(row, wide_slopes[static_cast<std::size_t>(row)], wide.data());
  }
  gradient.resize(size());
  for (Eigen::Index i = 0; i < gradient.size(); ++i) {
    const double part = wide_part(i, weights[i] / kWeightCeiling);
    gradient[i] = part * wide[i] + (1.0 - part) * narrow[i];
  }
  return value;
}

}  // namespace rtmodel
