#pragma once

#include <Eigen/Core>

#include "pyramid/pyramid.h"

namespace rtmodel {

/// dH's adaptive variance from the directions searched so far at one level (its DynamicCovarianceOptimizer).
///
/// With Q the orthonormal basis of the directions, scale 1 for the newest direction t and 4^(k - t) for the earlier k:
/// 1 / v_i = sum_k Q_ik^2 / (scale_k (v_max - v_min) + v_min) + (1 - sum_k Q_ik^2) / v_max, clamped to [v_min, v_max].
/// Every variance starts at v_max and falls to v_min as directions fill the space: an annealing of its own.
/// Not thread-safe.
class Covariance {
 public:
  virtual ~Covariance() = default;

  /// Forgets all directions; `n` parameters at v_max.
  void reset(int n, VarianceBounds bounds);

  /// Adds a direction of any length but zero and updates the variance.
  void add_direction(const Eigen::VectorXd& direction);

  /// Gy^2, by parameter.
  const Eigen::VectorXd& variance_gy2() const { return variance_gy2_; }

 protected:
  /// Brings `basis_` and `births_` up to date with a new direction of length one.
  virtual void extend_basis(const Eigen::VectorXd& unit_direction) = 0;
  virtual void forget() {}
  /// 1 / v_i by the formula, after a direction was added.
  virtual Eigen::VectorXd precision() const;

  int size() const { return static_cast<int>(variance_gy2_.size()); }

  Eigen::MatrixXd basis_;    ///< Orthonormal columns; the first `births_.size()` count.
  std::vector<int> births_;  ///< Index of the direction that each column stands for.
  int directions_ = 0;       ///< Added so far, the dependent ones included.
  VarianceBounds bounds_{};

 private:
  Eigen::VectorXd variance_gy2_;
};

/// Keeps the basis and adds each direction's part that is new to it: modified Gram-Schmidt with one
/// reorthogonalisation, O(n k). The part of the space not searched needs no vectors, since the squares of a row of an
/// orthogonal matrix sum to one. At most n directions are kept; a dependent one is not, yet it ages the others.
class IncrementalCovariance final : public Covariance {
 protected:
  void extend_basis(const Eigen::VectorXd& unit_direction) override;
};

/// Orthogonalises all directions anew from the newest to the oldest and completes the basis to the whole space with
/// unit vectors, as dH does at every iteration: O(n^3). A baseline for cost: where directions are orthogonal it agrees
/// with IncrementalCovariance, else the newest direction, not the oldest, is kept as it is.
class FullCovariance final : public Covariance {
 protected:
  void extend_basis(const Eigen::VectorXd& unit_direction) override;
  void forget() override { searched_.clear(); }

 private:
  std::vector<Eigen::VectorXd> searched_;  // oldest first, at most n
};

}  // namespace rtmodel
