#include "objective/level_objective.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace rtmodel {

void LevelObjective::set_variance(const Eigen::VectorXd& variance_gy2) {
  if (variance_gy2.size() != size()) {
    throw std::invalid_argument("variance of length " + std::to_string(variance_gy2.size()) + " for " +
                                std::to_string(size()) + " beamlets");
  }
  variance_gy2_ = variance_gy2.cwiseMax(bounds_.lower_gy2).cwiseMin(bounds_.upper_gy2);
  is_at_minimum_ = variance_gy2_.maxCoeff() == bounds_.lower_gy2;
}

void LevelObjective::take_sigma(double sigma_gy) {
  check_sigma(sigma_gy);
  sigma_gy_ = sigma_gy;
  bounds_ = variance_bounds(sigma_gy);
  variance_gy2_.setConstant(size(), bounds_.upper_gy2);
  is_at_minimum_ = false;
}

void LevelObjective::check_sigma(double sigma_gy) {
  if (!(sigma_gy > 0.0) || sigma_gy > 1e4) {
    throw std::invalid_argument("histogram sigma " + std::to_string(sigma_gy) + " Gy: it must be positive");
  }
}

double variance_share(double variance_gy2, double fraction, VarianceBounds bounds, bool is_coarsest) {
  double actual = variance_gy2;
  if (!is_coarsest) {
    const double slope = 4.0 * fraction * (1.0 - fraction);
    const double weight = 2.0 * fraction;
    actual *= slope * slope * weight * weight;
  }
  actual = std::clamp(actual, bounds.lower_gy2, bounds.upper_gy2);
  return (actual - bounds.lower_gy2) / (bounds.upper_gy2 - bounds.lower_gy2);
}

}  // namespace rtmodel
