#pragma once

#include <memory>

#include "solver/bounded_lbfgs_options.h"
#include "solver/scaled_memory.h"
#include "solver/stage_solver.h"

namespace rtmodel {

/// L-BFGS-B in weight space, w in [0, kWeightCeiling], each weight scaled by how much F feels it, on LBFGSpp's
/// limited-memory matrix, Cauchy point, subspace minimisation and More-Thuente line search. The loop is our own so that
/// it can be watched, stopped, counted and given steps. Converged when the mean relative change of F over the window is
/// at most the tolerance.
class BoundedLbfgs final : public StageSolver {
 public:
  explicit BoundedLbfgs(BoundedLbfgsOptions options = {}) : options_(options) {}

  /// Weights in [0, kWeightCeiling].
  Eigen::VectorXd admit(const Level& level, const Eigen::VectorXd& weights) const override;

  StageOutcome minimise(Evaluator& evaluator, Covariance* covariance, const StageTask& task, StageObserver& observer,
                        Eigen::VectorXd& weights) override;

  void add_pair(const Eigen::VectorXd& weight_step, const Eigen::VectorXd& gradient_change) override;

 private:
  BoundedLbfgsOptions options_;
  std::unique_ptr<ScaledMemory> memory_;
  Eigen::VectorXd scale_;
  std::vector<std::pair<Eigen::VectorXd, Eigen::VectorXd>> given_pairs_;
};

}  // namespace rtmodel
