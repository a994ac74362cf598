#include "dh_advisor/gates.h"

#include <algorithm>
#include <cmath>

namespace dh_advisor {
namespace {

// Sufficient decrease and curvature constants of Nocedal & Wright, Numerical Optimization, 2nd ed., ch. 3.1.
constexpr double kArmijo = 1e-4;
constexpr double kCurvature = 0.9;

double norm(const double* values, std::size_t n) {
  double sum = 0.0;
  for (std::size_t i = 0; i < n; ++i) sum += values[i] * values[i];
  return std::sqrt(sum);
}

}  // namespace

Verdict check_vector(const std::vector<double>& values, std::size_t n, double lower, double upper) {
  if (values.size() != n) return Verdict::kWrongLength;
  Verdict verdict = Verdict::kAccepted;
  for (double value : values) {
    if (!std::isfinite(value)) return Verdict::kNotFinite;
    if (value < lower || value > upper) verdict = Verdict::kOutOfRange;
  }
  return verdict;
}

Verdict check_stages(const std::vector<Stage>& stages, std::uint32_t level_count, double finest_sigma_gy,
                     double lower_gy, double upper_gy) {
  if (stages.empty() || stages.size() > kMostStages) return Verdict::kBadSchedule;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const Stage& stage = stages[i];
    if (!std::isfinite(stage.histogram_sigma_gy)) return Verdict::kNotFinite;
    if (stage.level >= level_count) return Verdict::kBadSchedule;
    if (stage.histogram_sigma_gy < lower_gy || stage.histogram_sigma_gy > upper_gy) return Verdict::kOutOfRange;
    const bool is_rising =
        i > 0 && (stage.level > stages[i - 1].level || stage.histogram_sigma_gy > stages[i - 1].histogram_sigma_gy);
    if (is_rising) return Verdict::kBadSchedule;
  }
  const Stage& last = stages.back();
  const bool ends_as_shipped = last.level == 0 && last.iteration_limit == 0 &&
                               std::abs(last.histogram_sigma_gy - finest_sigma_gy) <= 1e-9 * finest_sigma_gy;
  return ends_as_shipped ? Verdict::kAccepted : Verdict::kBadSchedule;
}

Verdict check_structure_sigmas(const std::vector<StructureSigma>& sigmas, std::uint32_t structure_count,
                               double lower_gy, double upper_gy) {
  std::vector<bool> is_named(structure_count, false);
  for (const StructureSigma& sigma : sigmas) {
    if (sigma.structure >= structure_count || is_named[sigma.structure]) return Verdict::kWrongFrame;
    is_named[sigma.structure] = true;
    if (!std::isfinite(sigma.histogram_sigma_gy)) return Verdict::kNotFinite;
    if (sigma.histogram_sigma_gy < lower_gy || sigma.histogram_sigma_gy > upper_gy) return Verdict::kOutOfRange;
  }
  return Verdict::kAccepted;
}

Verdict choose_start(double default_objective, double proposed_objective) {
  if (!std::isfinite(proposed_objective)) return Verdict::kNotFinite;
  return proposed_objective < default_objective ? Verdict::kAccepted : Verdict::kWorseThanDefault;
}

Verdict DirectionGate::consider(std::vector<double>& direction, const double* gradient, std::size_t n) {
  if (is_off()) return Verdict::kSwitchedOff;
  auto refuse = [this](Verdict verdict) {
    ++refusals_;
    return verdict;
  };
  if (direction.size() != n) return refuse(Verdict::kWrongLength);
  double slope = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    if (!std::isfinite(direction[i])) return refuse(Verdict::kNotFinite);
    slope += direction[i] * gradient[i];
  }
  const double length = norm(direction.data(), n);
  if (!std::isfinite(length)) return refuse(Verdict::kNotFinite);
  // A zero direction fails here as well: 0 <= -0 holds, so it is named before the descent test.
  if (length == 0.0 || !(slope <= -limits_.descent * norm(gradient, n) * length)) return refuse(Verdict::kNotDescent);
  if (length > limits_.norm_limit) {
    const double scale = limits_.norm_limit / length;
    std::transform(direction.begin(), direction.end(), direction.begin(), [scale](double d) { return d * scale; });
  }
  return Verdict::kAccepted;
}

Verdict DirectionGate::consider(DirectionAdvice& advice, const double* gradient, std::size_t n) {
  if (is_off()) return Verdict::kSwitchedOff;
  if (advice.step_length && !(*advice.step_length > 0.0 && std::isfinite(*advice.step_length))) {
    ++refusals_;
    return Verdict::kOutOfRange;
  }
  const Verdict verdict = consider(advice.direction, gradient, n);
  if (verdict != Verdict::kAccepted || !advice.step_length) return verdict;
  advice.step_length = std::min(*advice.step_length, limits_.norm_limit / norm(advice.direction.data(), n));
  return verdict;
}

Verdict DirectionGate::judge_trial(double f0, double slope0, double f, double slope, double step) {
  if (!std::isfinite(f) || !std::isfinite(slope)) return Verdict::kNotFinite;
  const bool decreases = f <= f0 + kArmijo * step * slope0;
  const bool curves = slope >= kCurvature * slope0;
  return decreases && curves ? Verdict::kAccepted : Verdict::kStepNotAcceptable;
}

StopGate::Judgement StopGate::consider(const StopAdvice* advice, std::uint32_t iteration, double relative_gain,
                                       double tolerance) {
  Judgement judgement;
  if (pending_ != StopDecision::kContinue) {
    // Written so that a NaN gain counts as improvement: doubt keeps the classical run going.
    if (!(relative_gain < tolerance)) {
      pending_ = StopDecision::kContinue;
      judgement.verdict = Verdict::kStillImproving;
      return judgement;
    }
    if (--checks_left_ > 0) {
      judgement.action = Action::kCheck;
      return judgement;
    }
    judgement.action = Action::kStop;
    judgement.granted = pending_;
    judgement.verdict = Verdict::kAccepted;
    pending_ = StopDecision::kContinue;
    return judgement;
  }
  if (advice == nullptr || advice->decision == StopDecision::kContinue) return judgement;
  if (advice->decision != StopDecision::kStopLevel && advice->decision != StopDecision::kStopAll) {
    judgement.verdict = Verdict::kOutOfRange;
    return judgement;
  }
  if (iteration + 1 < limits_.iteration_floor) {
    judgement.verdict = Verdict::kTooEarly;
    return judgement;
  }
  if (limits_.checking_iterations <= 0) {
    judgement.action = Action::kStop;
    judgement.granted = advice->decision;
    judgement.verdict = Verdict::kAccepted;
    return judgement;
  }
  pending_ = advice->decision;
  checks_left_ = limits_.checking_iterations;
  judgement.action = Action::kCheck;
  return judgement;
}

}  // namespace dh_advisor
