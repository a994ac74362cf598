#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <string>

#include "covariance/covariance.h"
#include "dh_advisor/plan.h"
#include "objective/evaluator.h"

namespace rtmodel {

/// What a solver has after an iteration. Borrowed for the call.
struct IterationState {
  std::uint32_t iteration = 0;  ///< From 0 in the stage.
  double objective = 0.0;
  double relative_gain = 0.0;  ///< Fall of F by this iteration, relative to its mean size.
  double step_length = 0.0;    ///< In the solver's own variables.
  const Eigen::VectorXd& weights;
  const Eigen::VectorXd& gradient;  ///< dF/dw; empty where the solver made none, as dH after its last iteration.
  const Eigen::VectorXd& change;    ///< Of the weights by this iteration.
  const Eigen::VectorXd& variance_gy2;
};

/// A step somebody else proposes, from the weights of the last iteration.
struct ProposedStep {
  bool is_in_weights = true;  ///< Else in parameters x.
  Eigen::VectorXd direction;
  std::optional<double> length;  ///< Multiple of `direction` to try first.
};

/// What became of a proposed step.
enum class StepFate {
  kTaken,
  kNotDescent,     ///< Uphill once cut to the bounds.
  kNotAcceptable,  ///< No point along it was low enough; the iteration was classical instead.
};

/// Talks with a solver between iterations.
class StageObserver {
 public:
  virtual ~StageObserver() = default;

  struct Decision {
    std::optional<dh_advisor::StopReason> stop;
    std::optional<ProposedStep> step;  ///< For the next iteration.
  };
  virtual Decision after_iteration(const IterationState& state) = 0;
  virtual void on_proposed_step(StepFate fate) = 0;
  /// Judges a trial point that was proposed with its length, from values and slopes along it.
  virtual bool accepts_trial(double f0, double slope0, double f, double slope) = 0;
};

struct StageTask {
  std::uint32_t iteration_limit = 500;
  double tolerance = 1e-6;  ///< Relative change of F.
  /// Goes on from where the same solver's last stage was interrupted: what it has learned of F still holds.
  bool goes_on = false;
};

struct StageOutcome {
  std::uint32_t iterations = 0;
  double objective = 0.0;
  dh_advisor::StopReason stop_reason = dh_advisor::StopReason::kTolerance;
  /// The last iteration was the solver's own and gained no more than the tolerance.
  bool is_converged = false;
  /// Why the solver can't go on, and what to do; empty unless it is so. The weights hold what was reached.
  std::string fault;
};

/// Minimises the objective of one stage. A run of one solver is deterministic, and an observer that proposes nothing
/// changes no bit of it. Not thread-safe.
class StageSolver {
 public:
  virtual ~StageSolver() = default;

  /// The nearest weights that the solver can start from: inside its bounds, excluded beamlets 0.
  virtual Eigen::VectorXd admit(const Level& level, const Eigen::VectorXd& weights) const = 0;

  /// Curvature of the weights learned elsewhere, for the next stage on a grid of its length; unscaled. A solver that
  /// keeps none ignores it.
  virtual void add_pair(const Eigen::VectorXd& /*weight_step*/, const Eigen::VectorXd& /*gradient_change*/) {}

  /// From admitted `weights` and to `weights`. `covariance` null: the variance stays as it is.
  virtual StageOutcome minimise(Evaluator& evaluator, Covariance* covariance, const StageTask& task,
                                StageObserver& observer, Eigen::VectorXd& weights) = 0;
};

/// |a - b| relative to the mean of |a| and |b|; dH's measure of convergence.
double relative_change(double a, double b);

}  // namespace rtmodel
