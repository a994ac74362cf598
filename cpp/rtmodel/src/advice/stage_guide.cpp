#include "advice/stage_guide.h"

#include <utility>

#include "objective/parameterization.h"

namespace rtmodel {

using dh_advisor::DirectionGate;
using dh_advisor::DirectionSpace;
using dh_advisor::Role;
using dh_advisor::StopDecision;
using dh_advisor::StopGate;
using dh_advisor::TensorKind;
using dh_advisor::Verdict;

bool StageGuide::has_question(std::uint32_t iteration) const {
  if (!source_.is_live()) return false;
  for (Role role : {Role::kEarlyStopping, Role::kStepDirection, Role::kAdaptiveVariance}) {
    if (source_.is_served(role)) return true;
  }
  for (TensorKind kind : {TensorKind::kGradient, TensorKind::kWeights, TensorKind::kDirection, TensorKind::kVariance}) {
    if (source_.wants(kind, iteration)) return true;
  }
  return false;
}

bool StageGuide::waits_for_direction() const {
  return place_.use != AdviceUse::kNothing && !source_.is_shadow() && source_.is_served(Role::kStepDirection) &&
         !source_.has_ended(Role::kStepDirection);
}

void StageGuide::post(const IterationState& state, const Spent& spent) {
  dh_advisor::Iteration question;
  question.level = place_.level;
  question.stage = place_.stage;
  question.iteration = state.iteration;
  question.objective = state.objective;
  question.gradient_norm = state.gradient.norm();
  question.step_length = state.step_length;
  question.value_calls = spent.value_calls;
  question.gradient_calls = spent.gradient_calls;
  question.elapsed_ms = spent.elapsed_ms;
  const auto n = static_cast<std::uint32_t>(state.weights.size());
  const std::pair<TensorKind, const Eigen::VectorXd&> tensors[] = {{TensorKind::kGradient, state.gradient},
                                                                   {TensorKind::kWeights, state.weights},
                                                                   {TensorKind::kDirection, state.change},
                                                                   {TensorKind::kVariance, state.variance_gy2}};
  for (const auto& [kind, vector] : tensors) {
    if (source_.wants(kind, state.iteration)) question.tensors.push_back({kind, vector.data(), {n}});
  }
  source_.post_iteration(question);
  open_ = Open{state.iteration, state.relative_gain};
}

StageObserver::Decision StageGuide::after_iteration(const IterationState& state, const Spent& spent) {
  StageObserver::Decision decision;
  if (settle() == Action::kStop) {
    decision.stop = dh_advisor::StopReason::kAdvice;
    return decision;
  }
  if (!has_question(state.iteration)) return decision;
  post(state, spent);
  Action action = Action::kContinue;
  dh_advisor::IterationAdvice advice;
  if (waits_for_direction()) {
    action = take(advice);
  } else if (stop_gate_.is_checking()) {
    action = judge_stop(nullptr, *open_);
    open_->is_judged = true;
  }
  if (action == Action::kStop) decision.stop = dh_advisor::StopReason::kAdvice;
  if (!advice.direction) return decision;
  ledger_.receive(Role::kStepDirection);
  if (action != Action::kContinue) {
    // While a stop is checked the iterations must be the solver's own.
    ledger_.judge(Role::kStepDirection, Verdict::kSwitchedOff, place_.level, state.iteration);
    return decision;
  }
  decision.step = judge_direction(std::move(*advice.direction), state);
  return decision;
}

StageGuide::Action StageGuide::settle() {
  if (!open_) return Action::kContinue;
  const std::uint32_t iteration = open_->iteration;
  dh_advisor::IterationAdvice advice;
  const Action action = take(advice);
  if (advice.direction) {
    // Of a role that nobody was to serve, or was not to be used; the iteration it was for is over.
    const bool is_unused = place_.use == AdviceUse::kNothing;
    ledger_.receive(Role::kStepDirection);
    ledger_.judge(Role::kStepDirection, is_unused ? Verdict::kSwitchedOff : Verdict::kLate, place_.level, iteration);
  }
  return action;
}

StageGuide::Action StageGuide::take(dh_advisor::IterationAdvice& advice) {
  const Open of = *std::exchange(open_, std::nullopt);
  advice = source_.take_iteration();
  if (advice.variance_gy2) judge_variance(*advice.variance_gy2, of.iteration);
  const bool is_stop = advice.stop && advice.stop->decision != StopDecision::kContinue;
  if (is_stop) ledger_.receive(Role::kEarlyStopping);
  if (place_.use == AdviceUse::kNothing) {
    if (is_stop) ledger_.judge(Role::kEarlyStopping, Verdict::kSwitchedOff, place_.level, of.iteration);
    return Action::kContinue;
  }
  return of.is_judged ? Action::kContinue : judge_stop(is_stop ? &*advice.stop : nullptr, of);
}

StageGuide::Action StageGuide::judge_stop(const dh_advisor::StopAdvice* stop, const Open& of) {
  const StopGate::Judgement judgement =
      stop_gate_.consider(stop, of.iteration, of.relative_gain, place_.stop_tolerance);
  if (judgement.verdict) ledger_.judge(Role::kEarlyStopping, *judgement.verdict, place_.level, of.iteration);
  ends_plan_ = ends_plan_ || judgement.granted == StopDecision::kStopAll;
  return judgement.action;
}

std::optional<ProposedStep> StageGuide::judge_direction(dh_advisor::DirectionAdvice advice,
                                                        const IterationState& state) {
  const auto n = static_cast<std::size_t>(state.weights.size());
  const bool is_in_weights = advice.space == DirectionSpace::kWeights;
  Eigen::VectorXd gradient = state.gradient;
  if (!is_in_weights) gradient = gradient.cwiseProduct(state.weights.unaryExpr(&weight_slope));
  const Verdict verdict = direction_gate_.consider(advice, gradient.data(), n);
  if (verdict != Verdict::kAccepted) {
    ledger_.judge(Role::kStepDirection, verdict, place_.level, state.iteration);
    return std::nullopt;
  }
  ProposedStep step;
  step.is_in_weights = is_in_weights;
  step.direction = Eigen::Map<const Eigen::VectorXd>(advice.direction.data(), state.weights.size());
  for (std::size_t i = 0; i < n; ++i) {
    if (level_.is_excluded[i]) step.direction[static_cast<Eigen::Index>(i)] = 0.0;
  }
  step.length = advice.step_length;
  proposed_in_ = state.iteration;
  return step;
}

void StageGuide::judge_variance(const std::vector<double>& variance_gy2, std::uint32_t iteration) {
  ledger_.receive(Role::kAdaptiveVariance);
  const bool has_length = variance_gy2.size() == static_cast<std::size_t>(level_.beamlet_count());
  ledger_.judge(Role::kAdaptiveVariance, has_length ? Verdict::kSwitchedOff : Verdict::kWrongLength, place_.level,
                iteration);
}

void StageGuide::on_proposed_step(StepFate fate) {
  Verdict verdict = Verdict::kAccepted;
  if (fate == StepFate::kNotDescent) verdict = Verdict::kNotDescent;
  if (fate == StepFate::kNotAcceptable) verdict = Verdict::kStepNotAcceptable;
  if (verdict != Verdict::kAccepted) direction_gate_.note_failure();
  ledger_.judge(Role::kStepDirection, verdict, place_.level, proposed_in_);
}

bool StageGuide::accepts_trial(double f0, double slope0, double f, double slope) const {
  return DirectionGate::judge_trial(f0, slope0, f, slope, 1.0) == Verdict::kAccepted;
}

}  // namespace rtmodel
