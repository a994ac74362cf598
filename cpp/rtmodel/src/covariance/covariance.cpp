#include "covariance/covariance.h"

#include <cmath>
#include <stdexcept>

namespace rtmodel {
namespace {

/// A unit vector whose rest after orthogonalisation is shorter depends on the basis, as far as rounding can tell.
constexpr double kDependent = 1e-8;
/// dH's fall of a direction's scale with every iteration.
constexpr double kScaleBase = 4.0;

/// Takes from `vector` its parts along the first `count` columns, one after the other.
void orthogonalise(const Eigen::MatrixXd& basis, int count, Eigen::VectorXd& vector) {
  for (int k = 0; k < count; ++k) vector -= basis.col(k).dot(vector) * basis.col(k);
}

/// The same twice, which restores what rounding lost; false when next to nothing is left.
bool orthonormalise(const Eigen::MatrixXd& basis, int count, Eigen::VectorXd& vector) {
  orthogonalise(basis, count, vector);
  if (vector.norm() < kDependent) return false;
  orthogonalise(basis, count, vector);
  const double length = vector.norm();
  if (length < kDependent) return false;
  vector /= length;
  return true;
}

void reserve_column(Eigen::MatrixXd& basis, int n, int column) {
  if (basis.cols() > column) return;
  basis.conservativeResize(n, std::min(n, std::max(16, 2 * column)));
}

}  // namespace

void Covariance::reset(int n, VarianceBounds bounds) {
  bounds_ = bounds;
  basis_.resize(n, 0);
  births_.clear();
  directions_ = 0;
  variance_gy2_.setConstant(n, bounds.upper_gy2);
  forget();
}

void Covariance::add_direction(const Eigen::VectorXd& direction) {
  const double length = direction.norm();
  if (direction.size() != size() || !(length > 0.0) || !std::isfinite(length)) {
    throw std::invalid_argument(
        "a direction for the covariance must have the level's length and a finite norm above 0");
  }
  extend_basis(direction / length);
  ++directions_;
  variance_gy2_ = precision().cwiseInverse().cwiseMax(bounds_.lower_gy2).cwiseMin(bounds_.upper_gy2);
}

Eigen::VectorXd Covariance::precision() const {
  const double spread = bounds_.upper_gy2 - bounds_.lower_gy2;
  const int newest = directions_ - 1;
  Eigen::VectorXd precision = Eigen::VectorXd::Constant(size(), 1.0 / bounds_.upper_gy2);
  for (std::size_t k = 0; k < births_.size(); ++k) {
    const double scale = std::pow(kScaleBase, births_[k] - newest);
    const double gain = 1.0 / (scale * spread + bounds_.lower_gy2) - 1.0 / bounds_.upper_gy2;
    precision += gain * basis_.col(static_cast<int>(k)).cwiseAbs2();
  }
  return precision;
}

void IncrementalCovariance::extend_basis(const Eigen::VectorXd& unit_direction) {
  const int count = static_cast<int>(births_.size());
  if (count == size()) return;
  Eigen::VectorXd rest = unit_direction;
  if (!orthonormalise(basis_, count, rest)) return;
  reserve_column(basis_, size(), count);
  basis_.col(count) = rest;
  births_.push_back(directions_);
}

void FullCovariance::extend_basis(const Eigen::VectorXd& unit_direction) {
  const int n = size();
  if (static_cast<int>(searched_.size()) == n) searched_.erase(searched_.begin());
  searched_.push_back(unit_direction);
  basis_.resize(n, n);
  births_.clear();
  int count = 0;
  const int oldest = directions_ + 1 - static_cast<int>(searched_.size());
  for (int k = static_cast<int>(searched_.size()) - 1; k >= 0; --k) {
    Eigen::VectorXd rest = searched_[static_cast<std::size_t>(k)];
    if (!orthonormalise(basis_, count, rest)) continue;
    basis_.col(count++) = rest;
    births_.push_back(oldest + k);
  }
  for (int i = 0; i < n && count < n; ++i) {
    Eigen::VectorXd rest = Eigen::VectorXd::Unit(n, i);
    if (orthonormalise(basis_, count, rest)) basis_.col(count++) = rest;
  }
}

}  // namespace rtmodel
