#include "solver/bounded_lbfgs.h"

#include <LBFGSpp/Cauchy.h>
#include <LBFGSpp/SubspaceMin.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "objective/parameterization.h"
#include "solver/wolfe_search.h"

namespace rtmodel {
namespace {

using dh_advisor::StopReason;
using Vector = Eigen::VectorXd;

constexpr int kSubspaceSteps = 10;

/// The problem in scaled variables z = scale * w, and the lowest point a line search has seen.
class ScaledProblem {
 public:
  ScaledProblem(Evaluator& evaluator, const Vector& scale) : evaluator_(evaluator), scale_(scale) {
    const auto& is_excluded = evaluator.objective().level().is_excluded;
    lower_ = Vector::Zero(scale.size());
    upper_ = kWeightCeiling * scale;
    for (Eigen::Index i = 0; i < scale.size(); ++i) {
      if (is_excluded[static_cast<std::size_t>(i)]) upper_[i] = 0.0;
    }
  }

  Vector clamp(const Vector& z) const { return z.cwiseMax(lower_).cwiseMin(upper_); }
  Vector to_weights(const Vector& z) const { return z.cwiseQuotient(scale_); }
  Vector to_scaled(const Vector& weights) const { return clamp(weights.cwiseProduct(scale_)); }
  const Vector& lower() const { return lower_; }
  const Vector& upper() const { return upper_; }

  double value_and_gradient(const Vector& z, Vector& gradient) {
    const double value = evaluator_.value_and_gradient(to_weights(clamp(z)), gradient);
    gradient = gradient.cwiseQuotient(scale_);
    return value;
  }

  /// Longest multiple of `direction` from `z` that stays inside the bounds.
  double room(const Vector& z, const Vector& direction) const {
    double longest = std::numeric_limits<double>::infinity();
    for (Eigen::Index i = 0; i < z.size(); ++i) {
      if (direction[i] > 0.0) longest = std::min(longest, (upper_[i] - z[i]) / direction[i]);
      if (direction[i] < 0.0) longest = std::min(longest, (lower_[i] - z[i]) / direction[i]);
    }
    return longest;
  }

 private:
  Evaluator& evaluator_;
  const Vector& scale_;
  Vector lower_;
  Vector upper_;
};

Vector scale_of(const LevelObjective& objective, double structure_share) {
  Vector scale = objective.felt_norms(structure_share);
  for (double& norm : scale) {
    if (!(norm > 0.0)) norm = 1.0;
  }
  return scale;
}

/// One stage.
class Descent {
 public:
  Descent(Evaluator& evaluator, const Vector& scale, ScaledMemory& memory, const BoundedLbfgsOptions& options,
          StageObserver& observer, const Vector& weights)
      : problem_(evaluator, scale), memory_(memory), options_(options), observer_(observer), scale_(scale) {
    at_.position = problem_.to_scaled(weights);
    // At the weights as given, whose value may be known already: scaling to and fro loses the last bits.
    at_.value = evaluator.value_and_gradient(weights, at_.gradient);
    at_.gradient = at_.gradient.cwiseQuotient(scale);
  }

  const SearchPoint& at() const { return at_; }
  Vector weights() const { return problem_.to_weights(at_.position); }
  Vector weight_gradient() const { return at_.gradient.cwiseProduct(scale_); }

  bool is_at_rest() const {
    const Vector projected = problem_.clamp(at_.position - at_.gradient) - at_.position;
    return !(projected.cwiseAbs().maxCoeff() > 1e-12);
  }

  /// False when no lower point was found even without any memory.
  bool take_own_step() {
    if (search_along(own_direction())) return true;
    if (memory_.is_empty()) return false;
    memory_.clear();
    return search_along(own_direction());
  }

  bool take_proposed_step(const ProposedStep& step) {
    const StepFate fate = try_proposed(step);
    observer_.on_proposed_step(fate);
    return fate == StepFate::kTaken;
  }

 private:
  Vector own_direction() const {
    if (memory_.is_empty()) {
      // Without curvature the gradient has no length to trust; the bounds bend the path, so that step 1 stays inside.
      const double length = options_.first_step * std::max(at_.position.norm(), 1e-3 * problem_.upper().norm());
      return problem_.clamp(at_.position - length / at_.gradient.norm() * at_.gradient) - at_.position;
    }
    Vector cauchy_point;
    Vector cauchy_memory;
    std::vector<int> newly_active;
    std::vector<int> free;
    LBFGSpp::Cauchy<double>::get_cauchy_point(memory_.matrix(), at_.position, at_.gradient, problem_.lower(),
                                              problem_.upper(), cauchy_point, cauchy_memory, newly_active, free);
    Vector direction;
    LBFGSpp::SubspaceMin<double>::subspace_minimize(memory_.matrix(), at_.position, cauchy_point, at_.gradient,
                                                    problem_.lower(), problem_.upper(), cauchy_memory, newly_active,
                                                    free, kSubspaceSteps, direction);
    return direction;
  }

  bool search_along(const Vector& direction) {
    auto function = [this](const Vector& z, Vector& gradient) { return problem_.value_and_gradient(z, gradient); };
    SearchPoint next = at_;
    if (!search_wolfe(function, direction, {problem_.room(at_.position, direction), options_.curvature}, next)) {
      return false;
    }
    move_to(next);
    return true;
  }

  StepFate try_proposed(const ProposedStep& step) {
    Vector change = step.direction;
    if (!step.is_in_weights) change = change.cwiseProduct(weights().unaryExpr(&weight_slope));
    const Vector chord =
        problem_.clamp(at_.position + step.length.value_or(1.0) * change.cwiseProduct(scale_)) - at_.position;
    const double slope0 = at_.gradient.dot(chord);
    if (!(slope0 < 0.0)) return StepFate::kNotDescent;
    if (step.length) {
      SearchPoint trial{at_.position + chord, {}, 0.0};
      trial.value = problem_.value_and_gradient(trial.position, trial.gradient);
      if (observer_.accepts_trial(at_.value, slope0, trial.value, trial.gradient.dot(chord))) {
        move_to(trial);
        return StepFate::kTaken;
      }
    }
    return search_along(chord) ? StepFate::kTaken : StepFate::kNotAcceptable;
  }

  void move_to(const SearchPoint& next) {
    const Vector position = problem_.clamp(next.position);
    memory_.add_pair(position - at_.position, next.gradient - at_.gradient);
    at_ = {position, next.gradient, next.value};
  }

  ScaledProblem problem_;
  ScaledMemory& memory_;
  const BoundedLbfgsOptions& options_;
  StageObserver& observer_;
  const Vector& scale_;
  SearchPoint at_;
};

}  // namespace

Vector BoundedLbfgs::admit(const Level& level, const Vector& weights) const {
  Vector admitted = weights.cwiseMax(0.0).cwiseMin(kWeightCeiling);
  for (Eigen::Index i = 0; i < weights.size(); ++i) {
    if (level.is_excluded[static_cast<std::size_t>(i)]) admitted[i] = 0.0;
  }
  return admitted;
}

void BoundedLbfgs::add_pair(const Vector& weight_step, const Vector& gradient_change) {
  given_pairs_.emplace_back(weight_step, gradient_change);
}

StageOutcome BoundedLbfgs::minimise(Evaluator& evaluator, Covariance* /*every variance is at its minimum*/,
                                    const StageTask& task, StageObserver& observer, Vector& weights) {
  const Level& level = evaluator.objective().level();
  const bool is_same_grid = memory_ != nullptr && scale_.size() == level.beamlet_count();
  // The memory is in scaled variables, so that scale and memory live as long as each other.
  if (!is_same_grid) {
    scale_ = scale_of(evaluator.objective(), options_.structure_share);
    memory_ = std::make_unique<ScaledMemory>(level.beamlet_count(), options_.pairs);
  }
  if (!options_.keeps_pairs && !task.goes_on) memory_->clear();
  for (const auto& [step, change] : given_pairs_) {
    if (step.size() == scale_.size()) memory_->add_pair(step.cwiseProduct(scale_), change.cwiseQuotient(scale_));
  }
  given_pairs_.clear();

  Descent descent(evaluator, scale_, *memory_, options_, observer, weights);
  StageOutcome outcome;
  outcome.stop_reason = StopReason::kIterationLimit;
  std::optional<ProposedStep> proposed;
  std::vector<double> history{descent.at().value};
  for (std::uint32_t iteration = 0; iteration < task.iteration_limit; ++iteration) {
    if (descent.is_at_rest()) {
      outcome.stop_reason = StopReason::kZeroGradient;
      outcome.is_converged = true;
      break;
    }
    const double before = descent.at().value;
    const Vector weights_before = descent.weights();
    const Vector z_before = descent.at().position;
    const bool is_proposed = proposed && descent.take_proposed_step(*proposed);
    if (!is_proposed && !descent.take_own_step()) {
      outcome.stop_reason = StopReason::kLineSearch;
      outcome.is_converged = true;
      break;
    }
    outcome.iterations = iteration + 1;
    history.push_back(descent.at().value);
    const Vector now = descent.weights();
    StageObserver::Decision decision =
        observer.after_iteration({iteration, descent.at().value, relative_change(before, descent.at().value),
                                  (descent.at().position - z_before).norm(), now, descent.weight_gradient(),
                                  now - weights_before, evaluator.objective().variance_gy2()});
    const auto window = static_cast<std::size_t>(options_.window);
    outcome.is_converged = !is_proposed && history.size() > window &&
                           relative_change(history[history.size() - 1 - window], descent.at().value) <=
                               static_cast<double>(window) * task.tolerance;
    if (outcome.is_converged || decision.stop) {
      outcome.stop_reason = outcome.is_converged ? StopReason::kTolerance : *decision.stop;
      break;
    }
    proposed = std::move(decision.step);
  }
  outcome.objective = descent.at().value;
  weights = descent.weights();
  return outcome;
}

}  // namespace rtmodel
