#include "shipped/shipped_solver.h"

#include "shipped/parameters.h"
#include "shipped/shipped_descent.h"
#include "solver/conjugate_gradient.h"

namespace rtmodel {
namespace {

using dh_advisor::StopReason;

std::string guard_fault(const Level& level) {
  const std::string n = std::to_string(level.beamlet_count());
  return "level " + std::to_string(level.index) + " of shipped dH has not converged after " + n +
         " iterations, as many as it has beamlets: the next one would be written behind dH's matrices. The plan ends "
         "with what it has. Give --limit-to-beamlets to go on with the next level there, limit the level's iterations "
         "to fewer (--stages, --max-iterations), or take --fidelity exact";
}

/// At its upper bound, as a level of dH starts, unless it is there.
void start_variance(Evaluator& evaluator, Covariance& covariance) {
  const LevelObjective& objective = evaluator.objective();
  covariance.reset(objective.size(), objective.bounds());
  if (objective.variance_gy2().minCoeff() < objective.bounds().upper_gy2) {
    evaluator.set_variance(covariance.variance_gy2());
  }
}

}  // namespace

Eigen::VectorXd ShippedSolver::admit(const Level& level, const Eigen::VectorXd& weights) const {
  Eigen::VectorXd admitted = weights.unaryExpr(&shipped_admitted);
  for (Eigen::Index i = 0; i < weights.size(); ++i) {
    if (level.is_excluded[static_cast<std::size_t>(i)]) admitted[i] = 0.0;
  }
  return admitted;
}

StageOutcome ShippedSolver::minimise(Evaluator& evaluator, Covariance* covariance, const StageTask& task,
                                     StageObserver& observer, Eigen::VectorXd& weights) {
  const Level& level = evaluator.objective().level();
  if (covariance != nullptr) start_variance(evaluator, *covariance);
  ShippedDescent descent(evaluator, covariance, observer, pyramid_.grids(level.index), weights);
  StageOutcome outcome;
  outcome.stop_reason = StopReason::kIterationLimit;
  std::optional<ProposedStep> proposed;
  for (std::uint32_t iteration = 0; iteration < task.iteration_limit; ++iteration) {
    if (covariance != nullptr && iteration >= static_cast<std::uint32_t>(level.beamlet_count())) {
      if (!limits_to_beamlets_) outcome.fault = guard_fault(level);
      break;
    }
    const double before = descent.objective();
    const Eigen::VectorXd weights_before = descent.weights();
    const Eigen::VectorXd parameters_before = descent.parameters();
    std::optional<double> reached;
    if (proposed) reached = descent.take_proposed_step(*proposed);
    const bool is_own = !reached.has_value();
    if (is_own) reached = descent.take_own_step();
    outcome.iterations = iteration + 1;
    const double change = relative_change(before, *reached);
    outcome.is_converged = is_own && (change <= task.tolerance || descent.has_no_gradient());
    descent.update_variance();
    if (!outcome.is_converged) descent.update_direction();
    const Eigen::VectorXd moved = descent.weights() - weights_before;
    static const Eigen::VectorXd kNone;
    StageObserver::Decision decision = observer.after_iteration(
        {iteration, descent.objective(), change, descent.parameter_distance(parameters_before), descent.weights(),
         outcome.is_converged ? kNone : descent.gradient(), moved, evaluator.objective().variance_gy2()});
    if (outcome.is_converged || decision.stop) {
      outcome.stop_reason = outcome.is_converged ? StopReason::kTolerance : *decision.stop;
      break;
    }
    proposed = std::move(decision.step);
  }
  outcome.objective = descent.objective();
  weights = descent.weights();
  return outcome;
}

}  // namespace rtmodel
