#include "shipped/shipped_descent.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "shipped/beam_terms.h"
#include "shipped/parameters.h"
#include "shipped/two_sided_search.h"

namespace rtmodel {
namespace {

/// dH takes random numbers for a shorter gradient at a level's start.
constexpr double kShortGradient = 1e-8;
constexpr std::uint32_t kSeed = 1;

/// Numbers in [-1, 1], always the same.
Eigen::VectorXd random_direction(Eigen::Index length) {
  std::minstd_rand numbers(kSeed);
  Eigen::VectorXd direction(length);
  for (double& value : direction) {
    value =
        1.0 - 2.0 * static_cast<double>(numbers() - numbers.min()) / static_cast<double>(numbers.max() - numbers.min());
  }
  return direction;
}

}  // namespace

ShippedDescent::ShippedDescent(Evaluator& evaluator, Covariance* covariance, StageObserver& observer,
                               const std::vector<LevelGrid>& grids, const Eigen::VectorXd& weights)
    : evaluator_(evaluator), covariance_(covariance), observer_(observer), grids_(grids), weights_(weights) {
  parameters_ = to_parameters(weights);
  objective_ = evaluator_.value_and_gradient(weights_, gradient_);
  take_gradient();
  if (downhill_.norm() < kShortGradient) downhill_ = random_direction(downhill_.size());
  direction_ = downhill_;
}

bool ShippedDescent::is_excluded(Eigen::Index i) const {
  return evaluator_.objective().level().is_excluded[static_cast<std::size_t>(i)];
}

Eigen::VectorXd ShippedDescent::to_weights(const Eigen::VectorXd& parameters) const {
  Eigen::VectorXd weights = mirrored(parameters, grids_);
  for (Eigen::Index i = 0; i < weights.size(); ++i) weights[i] = is_excluded(i) ? 0.0 : weight_of(weights[i]);
  return weights;
}

Eigen::VectorXd ShippedDescent::to_parameters(const Eigen::VectorXd& weights) const {
  Eigen::VectorXd parameters(weights.size());
  for (Eigen::Index i = 0; i < weights.size(); ++i)
    parameters[i] = is_excluded(i) ? 0.0 : shipped_parameter(weights[i]);
  return mirrored(parameters, grids_);
}

void ShippedDescent::take_gradient() {
  // dH enters the beamlets' doses with the wrong sign, and so goes uphill when it turns its gradient round.
  downhill_ = mirrored(gradient_.cwiseProduct(weights_.unaryExpr(&weight_slope)), grids_);
}

double ShippedDescent::search(const Eigen::VectorXd& unit, double& step) const {
  auto value = [&](double length) { return evaluator_.value(to_weights(parameters_ + length * unit)); };
  const LineMinimum minimum = minimise_both_ways(value, kLevelTolerance[evaluator_.objective().level().index]);
  const bool is_usable = std::isfinite(minimum.step) && std::isfinite(minimum.value);
  step = is_usable ? minimum.step : 0.0;
  return is_usable ? minimum.value : objective_;
}

void ShippedDescent::move_to(const Eigen::VectorXd& parameters, const Eigen::VectorXd& direction) {
  parameters_ = parameters;
  weights_ = to_weights(parameters_);
  searched_ = direction;
}

double ShippedDescent::take_own_step() {
  const double length = direction_.norm();
  const Eigen::VectorXd unit = length > 0.0 ? Eigen::VectorXd(direction_ / length) : direction_;
  double step = 0.0;
  const double reached = search(unit, step);
  move_to(parameters_ + step * unit, unit);
  objective_ = reached;
  starts_anew_ = false;
  return reached;
}

Eigen::VectorXd ShippedDescent::along(const Eigen::VectorXd& direction, double length) const {
  Eigen::VectorXd weights = weights_ + length * direction;
  // Weights nearer to the rails than the contract lets steps in weights lead are dH's own, and may stay.
  for (Eigen::Index i = 0; i < weights.size(); ++i) {
    weights[i] = std::clamp(weights[i], std::min(weights_[i], kLowestWeight), std::max(weights_[i], kHighestWeight));
  }
  return weights;
}

std::optional<double> ShippedDescent::take_proposed_step(const ProposedStep& step) {
  auto refuse = [&](StepFate fate) {
    observer_.on_proposed_step(fate);
    return std::nullopt;
  };
  auto take = [&](const Eigen::VectorXd& parameters, double value) {
    const Eigen::VectorXd moved = parameters - parameters_;
    move_to(parameters, moved / moved.norm());
    objective_ = value;
    starts_anew_ = true;
    observer_.on_proposed_step(StepFate::kTaken);
    return value;
  };
  // The bounds of the weights may bend the step; from here on it is the chord to where it ends, in parameters.
  const double length = step.length.value_or(1.0);
  Eigen::VectorXd end = parameters_;
  if (step.is_in_weights) {
    end = to_parameters(along(step.direction, length));
  } else {
    end += length * mirrored(step.direction, grids_);
  }
  const Eigen::VectorXd chord = end - parameters_;
  const Eigen::VectorXd end_weights = to_weights(end);
  const Eigen::VectorXd moved = end_weights - weights_;
  if (!(gradient_.dot(moved) < 0.0) || !(chord.norm() > 0.0)) return refuse(StepFate::kNotDescent);
  if (step.length) {
    Eigen::VectorXd gradient;
    const double value = evaluator_.value_and_gradient(end_weights, gradient);
    if (observer_.accepts_trial(objective_, gradient_.dot(moved), value, gradient.dot(moved))) return take(end, value);
  }
  double found = 0.0;
  const Eigen::VectorXd unit = chord / chord.norm();
  const double value = search(unit, found);
  if (found == 0.0 || !(value < objective_)) return refuse(StepFate::kNotAcceptable);
  return take(parameters_ + found * unit, value);
}

void ShippedDescent::update_variance() {
  if (covariance_ == nullptr) return;
  if (searched_.norm() > 0.0) {
    {
      const Stopwatch watch(evaluator_.counts().covariance_ms);
      covariance_->add_direction(searched_);
    }
    evaluator_.set_variance(mirrored(covariance_->variance_gy2(), grids_));
  }
  objective_ = evaluator_.value(weights_);
}

void ShippedDescent::update_direction() {
  const Eigen::VectorXd before = downhill_;
  const double square_before = before.squaredNorm();
  evaluator_.value_and_gradient(weights_, gradient_);
  take_gradient();
  const double factor = (downhill_.squaredNorm() - before.dot(downhill_)) / square_before;
  direction_ = starts_anew_ ? downhill_ : Eigen::VectorXd(factor * direction_ + downhill_);
}

}  // namespace rtmodel
