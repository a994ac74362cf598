#include "solver/conjugate_gradient.h"

#include <cmath>

#include "objective/parameterization.h"
#include "solver/line_minimum.h"
#include "solver/wolfe_search.h"

namespace rtmodel {
namespace {

using dh_advisor::StopReason;
using Vector = Eigen::VectorXd;

constexpr double kLongestStep = 20.0;  // dH's bound of a step's norm, in parameters
constexpr double kZeroLength = 1e-14;
constexpr double kProposalCurvature = 0.9;
constexpr int kProposalTrials = 6;

/// The solver's state in one stage.
class Descent {
 public:
  Descent(Evaluator& evaluator, Covariance* covariance, StageObserver& observer, const Vector& weights)
      : evaluator_(evaluator), covariance_(covariance), observer_(observer) {
    parameters_ = to_parameters(weights);
    weights_ = weights;
    evaluate();
    direction_ = -slope_;
  }

  bool is_at_rest() const { return !(direction_.norm() > kZeroLength); }
  double objective() const { return objective_; }
  const Vector& parameters() const { return parameters_; }
  const Vector& weights() const { return weights_; }
  const Vector& gradient() const { return gradient_; }

  /// Brent along the conjugate direction. Gives F at the new point, before the covariance changed.
  double take_own_step() {
    const Vector unit = direction_ / direction_.norm();
    auto value = [&](double step) { return evaluator_.value(to_weights(parameters_ + step * unit)); };
    const LineMinimum minimum = minimise_along(value, objective_, {1.0, kLongestStep, std::nullopt});
    if (minimum.step > 0.0) {
      parameters_ += minimum.step * unit;
      weights_ = to_weights(parameters_);
    }
    add_to_covariance(unit);
    const Vector slope_before = slope_;
    evaluate();
    const double beta = slope_.dot(slope_ - slope_before) / slope_before.squaredNorm();
    direction_ = -slope_ + std::max(beta, 0.0) * direction_;
    return minimum.value;
  }

  /// F at the new point, or nothing when the step was refused and nothing changed.
  std::optional<double> take_proposed_step(const ProposedStep& step) {
    std::optional<double> reached;
    observer_.on_proposed_step(try_proposed(step, reached));
    return reached;
  }

 private:
  bool is_excluded(Eigen::Index i) const {
    return evaluator_.objective().level().is_excluded[static_cast<std::size_t>(i)];
  }

  Vector to_weights(const Vector& parameters) const {
    Vector weights(parameters.size());
    for (Eigen::Index i = 0; i < weights.size(); ++i) weights[i] = is_excluded(i) ? 0.0 : weight_of(parameters[i]);
    return weights;
  }

  Vector to_parameters(const Vector& weights) const {
    Vector parameters(weights.size());
    for (Eigen::Index i = 0; i < weights.size(); ++i) parameters[i] = is_excluded(i) ? 0.0 : parameter_of(weights[i]);
    return parameters;
  }

  void evaluate() {
    objective_ = evaluator_.value_and_gradient(weights_, gradient_);
    slope_ = gradient_.cwiseProduct(weights_.unaryExpr(&weight_slope));
  }

  void add_to_covariance(const Vector& direction) {
    if (covariance_ == nullptr || !(direction.norm() > kZeroLength)) return;
    {
      const Stopwatch watch(evaluator_.counts().covariance_ms);
      covariance_->add_direction(direction);
    }
    evaluator_.set_variance(covariance_->variance_gy2());
  }

  /// Weights some way along a proposed step; steps in weights are cut to where the sigmoid can be inverted.
  Vector along(const ProposedStep& step, double length) const {
    if (!step.is_in_weights) return to_weights(parameters_ + length * step.direction);
    Vector weights = weights_ + length * step.direction;
    for (Eigen::Index i = 0; i < weights.size(); ++i) weights[i] = is_excluded(i) ? 0.0 : clamp_weight(weights[i]);
    return weights;
  }

  StepFate try_proposed(const ProposedStep& step, std::optional<double>& reached) {
    // The bounds may bend the proposed step; from here on it is the chord to where it ends.
    const Vector chord = along(step, step.length.value_or(1.0)) - weights_;
    const double slope0 = gradient_.dot(chord);
    if (!(slope0 < 0.0)) return StepFate::kNotDescent;
    SearchPoint next{weights_, gradient_, objective_};
    if (step.length) {
      SearchPoint trial{weights_ + chord, {}, 0.0};
      trial.value = evaluator_.value_and_gradient(trial.position, trial.gradient);
      if (observer_.accepts_trial(objective_, slope0, trial.value, trial.gradient.dot(chord))) {
        reached = trial.value;
        move_to(trial.position);
        return StepFate::kTaken;
      }
    }
    // dH's own search costs some fifteen values; with the gradient at hand interpolation needs two or three.
    auto function = [this](const Vector& weights, Vector& gradient) {
      return evaluator_.value_and_gradient(weights, gradient);
    };
    if (!search_wolfe(function, chord, {1.0, kProposalCurvature, kProposalTrials}, next))
      return StepFate::kNotAcceptable;
    reached = next.value;
    move_to(next.position);
    return StepFate::kTaken;
  }

  void move_to(const Vector& weights) {
    const Vector moved = to_parameters(weights) - parameters_;
    parameters_ += moved;
    weights_ = weights;
    add_to_covariance(moved);
    evaluate();
    direction_ = -slope_;
  }

  Evaluator& evaluator_;
  Covariance* covariance_;
  StageObserver& observer_;
  Vector parameters_;
  Vector weights_;
  Vector gradient_;   // dF/dw
  Vector slope_;      // dF/dx
  Vector direction_;  // conjugate, in parameters
  double objective_ = 0.0;
};

}  // namespace

Vector ConjugateGradient::admit(const Level& level, const Vector& weights) const {
  Vector admitted = weights.unaryExpr(&clamp_weight);
  for (Eigen::Index i = 0; i < weights.size(); ++i) {
    if (level.is_excluded[static_cast<std::size_t>(i)]) admitted[i] = 0.0;
  }
  return admitted;
}

StageOutcome ConjugateGradient::minimise(Evaluator& evaluator, Covariance* covariance, const StageTask& task,
                                         StageObserver& observer, Vector& weights) {
  Descent descent(evaluator, covariance, observer, weights);
  StageOutcome outcome;
  outcome.stop_reason = StopReason::kIterationLimit;
  std::optional<ProposedStep> proposed;
  for (std::uint32_t iteration = 0; iteration < task.iteration_limit; ++iteration) {
    if (descent.is_at_rest()) {
      outcome.stop_reason = StopReason::kZeroGradient;
      outcome.is_converged = true;
      break;
    }
    const double before = descent.objective();
    const Vector weights_before = descent.weights();
    const Vector parameters_before = descent.parameters();
    std::optional<double> reached;
    if (proposed) reached = descent.take_proposed_step(*proposed);
    const bool is_own = !reached.has_value();
    if (is_own) reached = descent.take_own_step();
    outcome.iterations = iteration + 1;
    const double change = relative_change(before, *reached);
    const double step_length = (descent.parameters() - parameters_before).norm();
    const Vector moved = descent.weights() - weights_before;
    StageObserver::Decision decision =
        observer.after_iteration({iteration, descent.objective(), change, step_length, descent.weights(),
                                  descent.gradient(), moved, evaluator.objective().variance_gy2()});
    outcome.is_converged = is_own && change <= task.tolerance;
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

double relative_change(double a, double b) { return 2.0 * std::abs(a - b) / (std::abs(a) + std::abs(b) + 1e-10); }

}  // namespace rtmodel
