#pragma once

#include <LBFGSpp/BFGSMat.h>

#include <Eigen/Core>

namespace rtmodel {

/// The curvature that bounded L-BFGS knows: pairs of a step and the change of the gradient it made, in the solver's
/// scaled variables. Pairs may also come from elsewhere, such as a learned step.
class ScaledMemory {
 public:
  using Matrix = LBFGSpp::BFGSMat<double, true>;

  ScaledMemory(int n, int pairs) : n_(n), pairs_(pairs) { clear(); }

  /// Keeps the pair if its curvature is positive beyond rounding, and says whether it did.
  bool add_pair(const Eigen::VectorXd& step, const Eigen::VectorXd& gradient_change) {
    const double curvature = step.dot(gradient_change);
    if (!(curvature > kLeastCurvature * gradient_change.squaredNorm())) return false;
    matrix_.add_correction(step, gradient_change);
    return true;
  }

  void clear() { matrix_.reset(n_, pairs_); }

  bool is_empty() const { return matrix_.num_corrections() == 0; }
  const Matrix& matrix() const { return matrix_; }

 private:
  static constexpr double kLeastCurvature = 1e-10;

  int n_;
  int pairs_;
  Matrix matrix_;
};

}  // namespace rtmodel
