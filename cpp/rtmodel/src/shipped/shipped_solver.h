#pragma once

#include "pyramid/pyramid.h"
#include "solver/stage_solver.h"

namespace rtmodel {

/// dH's solver as its program runs: along dH's own gradient, whose sign is wrong, so that the line minimisation mostly
/// goes backwards; plain Polak-Ribiere, whose factor may be negative; and the order of dH's loop: line minimisation,
/// test of convergence, variance, F once more, gradient. Works in dH's order of beamlets; weights, gradients and
/// variances are handed over in the problem's.
///
/// An observer is asked where an adapter of dH can ask: after the gradient of the new point. dH's own callback comes
/// before the variance changes. After the iteration that converges there is no gradient, and an observer hears of it
/// without one.
///
/// A level can't have more iterations than beamlets: dH writes each direction into a column of a square matrix, and one
/// behind it then. That is a fault of the outcome here, or a limit where it was asked to be one.
class ShippedSolver final : public StageSolver {
 public:
  /// `pyramid` must outlive the solver.
  ShippedSolver(const Pyramid& pyramid, bool limits_to_beamlets)
      : pyramid_(pyramid), limits_to_beamlets_(limits_to_beamlets) {}

  Eigen::VectorXd admit(const Level& level, const Eigen::VectorXd& weights) const override;

  /// Starts with every direction forgotten and, with a covariance, every variance at its upper bound.
  StageOutcome minimise(Evaluator& evaluator, Covariance* covariance, const StageTask& task, StageObserver& observer,
                        Eigen::VectorXd& weights) override;

 private:
  const Pyramid& pyramid_;
  bool limits_to_beamlets_;
};

}  // namespace rtmodel
