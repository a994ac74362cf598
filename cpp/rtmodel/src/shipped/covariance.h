#pragma once

#include "covariance/covariance.h"

namespace rtmodel {

/// dH's adaptive variance as its program computes it. The basis has a column for each parameter: those of the searched
/// directions, and unit vectors where none was searched yet. Directions are made orthogonal to later ones, but not to
/// the newest, the unit vectors to all columns before them. The scale of an index is that of the direction of the same
/// index, and the matrix is used transposed:
///
///   1 / v_i = sum_k Q_ki^2 / (scale_k (v_max - v_min) + v_min)
///
/// so that a variance belongs to the i-th direction, though it is used for the i-th beamlet. O(n^3) a direction.
class ShippedCovariance final : public Covariance {
 public:
  /// Directions there is room for: one for each parameter.
  int capacity() const { return size(); }

 protected:
  /// Throws std::length_error beyond the capacity, where dH writes behind its matrix.
  void extend_basis(const Eigen::VectorXd& unit_direction) override;
  Eigen::VectorXd precision() const override;
  void forget() override;

 private:
  Eigen::MatrixXd searched_;
};

}  // namespace rtmodel
