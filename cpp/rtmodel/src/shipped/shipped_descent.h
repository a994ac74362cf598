#pragma once

#include <vector>

#include "pyramid/interpolation.h"
#include "solver/stage_solver.h"

namespace rtmodel {

/// The state of `ShippedSolver` in one stage. Parameters and directions are in dH's order of beamlets.
class ShippedDescent {
 public:
  ShippedDescent(Evaluator& evaluator, Covariance* covariance, StageObserver& observer,
                 const std::vector<LevelGrid>& grids, const Eigen::VectorXd& weights);

  /// Line minimisation along the conjugate direction. Gives F where it ended, before the variance changes.
  double take_own_step();

  /// Along a proposed direction instead: F there, or nothing when the step was refused and nothing changed.
  std::optional<double> take_proposed_step(const ProposedStep& step);

  /// What follows a step: the variance that its direction makes, and F once more at that variance.
  void update_variance();

  /// The gradient at the new point, and the direction from it.
  void update_direction();

  /// dH ends a level then.
  bool has_no_gradient() const { return downhill_.squaredNorm() == 0.0; }

  double objective() const { return objective_; }
  const Eigen::VectorXd& weights() const { return weights_; }
  const Eigen::VectorXd& gradient() const { return gradient_; }
  double parameter_distance(const Eigen::VectorXd& from) const { return (parameters_ - from).norm(); }
  const Eigen::VectorXd& parameters() const { return parameters_; }

 private:
  Eigen::VectorXd to_weights(const Eigen::VectorXd& parameters) const;
  Eigen::VectorXd to_parameters(const Eigen::VectorXd& weights) const;
  /// Weights some way along a direction in weights.
  Eigen::VectorXd along(const Eigen::VectorXd& direction, double length) const;
  bool is_excluded(Eigen::Index i) const;
  void take_gradient();
  double search(const Eigen::VectorXd& direction, double& step) const;
  void move_to(const Eigen::VectorXd& parameters, const Eigen::VectorXd& direction);

  Evaluator& evaluator_;
  Covariance* covariance_;
  StageObserver& observer_;
  const std::vector<LevelGrid>& grids_;
  Eigen::VectorXd parameters_;
  Eigen::VectorXd weights_;    // in the problem's order, as the gradient
  Eigen::VectorXd gradient_;   // dF/dw as dH has it, with the sign turned
  Eigen::VectorXd downhill_;   // what dH takes for minus its gradient: it points uphill
  Eigen::VectorXd direction_;  // conjugate
  Eigen::VectorXd searched_;   // of the last step
  bool starts_anew_ = false;   // the last step was proposed
  double objective_ = 0.0;
};

}  // namespace rtmodel
