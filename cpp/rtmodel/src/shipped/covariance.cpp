#include "shipped/covariance.h"

#include <cmath>
#include <stdexcept>
#include <string>

namespace rtmodel {
namespace {

/// dH's fall of a direction's scale with every iteration.
constexpr double kScaleBase = 4.0;

/// Length one; a vector of zeros stays.
Eigen::VectorXd normalised(Eigen::VectorXd vector) {
  const double length = vector.norm();
  if (length > 0.0) vector /= length;
  return vector;
}

}  // namespace

void ShippedCovariance::forget() {
  searched_ = Eigen::MatrixXd::Identity(size(), size());
  basis_ = searched_;
}

void ShippedCovariance::extend_basis(const Eigen::VectorXd& unit_direction) {
  const int newest = directions_;
  if (newest >= capacity()) {
    throw std::length_error("direction " + std::to_string(newest + 1) + " for a covariance of " +
                            std::to_string(capacity()) + " columns");
  }
  searched_.col(newest) = unit_direction;
  basis_.col(newest) = unit_direction;
  for (int k = newest - 1; k >= 0; --k) {
    Eigen::VectorXd rest = searched_.col(k);
    for (int later = k + 1; later < newest; ++later) rest -= rest.dot(basis_.col(later)) * basis_.col(later);
    basis_.col(k) = normalised(std::move(rest));
  }
  for (int k = newest + 1; k < size(); ++k) {
    Eigen::VectorXd rest = searched_.col(k);
    for (int earlier = k - 1; earlier >= 0; --earlier) rest -= rest.dot(basis_.col(earlier)) * basis_.col(earlier);
    basis_.col(k) = normalised(std::move(rest));
  }
}

Eigen::VectorXd ShippedCovariance::precision() const {
  const int newest = directions_ - 1;
  Eigen::VectorXd scaling(size());
  for (int k = 0; k < size(); ++k) {
    const double scale = k < newest ? std::pow(kScaleBase, k - newest) : 1.0;
    scaling[k] = 1.0 / (scale * (bounds_.upper_gy2 - bounds_.lower_gy2) + bounds_.lower_gy2);
  }
  return basis_.cwiseAbs2().transpose() * scaling;
}

}  // namespace rtmodel
