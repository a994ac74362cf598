#pragma once

#include "solver/stage_solver.h"

namespace rtmodel {

/// dH's solver: Polak-Ribiere conjugate gradient in the sigmoid's parameters, Brent's line minimisation along the
/// normalised direction, the covariance updated after every step. Ends when one of its own iterations changes F by no
/// more than the tolerance; a proposed step never ends a stage. After a proposed step the direction starts anew from
/// the gradient.
class ConjugateGradient final : public StageSolver {
 public:
  /// Weights inside the margins where the sigmoid can be inverted.
  Eigen::VectorXd admit(const Level& level, const Eigen::VectorXd& weights) const override;

  StageOutcome minimise(Evaluator& evaluator, Covariance* covariance, const StageTask& task, StageObserver& observer,
                        Eigen::VectorXd& weights) override;
};

}  // namespace rtmodel
