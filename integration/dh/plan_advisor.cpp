#include "plan_advisor.h"

#include <algorithm>
#include <cmath>

namespace dh_adapter {
namespace {

using namespace dh_advisor;

/// As the reference optimizer goes on from a learned start: ten smoother iterations, then the last level.
constexpr DescentStage kSmooth{0, 5.0, 10};
constexpr double kLeastSigmaGy = 0.5;
/// Relative; dH's sigma of a level is read back from its variance.
constexpr double kSameSigma = 1e-6;
constexpr std::uint32_t kMostIterations = 1U << 20;
/// A value's share of a gradient's cost, measured of dH in a slice (docs/dh-fidelity.md).
constexpr double kValueShare = 1.0 / 14.0;

StopReason reason_of(vnl_nonlinear_minimizer::ReturnCodes code, bool was_advised) {
  if (code == vnl_nonlinear_minimizer::CONVERGED_XTOL) return StopReason::kTolerance;
  if (code == vnl_nonlinear_minimizer::FAILED_USER_REQUEST)
    return was_advised ? StopReason::kAdvice : StopReason::kCancelled;
  return StopReason::kIterationLimit;
}

double relative_gain(double before, double after) {
  const double size = std::abs(before) + std::abs(after);
  return size > 0.0 ? 2.0 * std::abs(before - after) / size : 0.0;
}

}  // namespace

template <typename Step>
void PlanAdvisor::guarded(Step step) noexcept {
  try {
    step();
  } catch (const std::exception& error) {
    session_.reset();
    try {
      status_ = Status::failed(StatusCode::kFault, error.what());
    } catch (...) {  // No memory for a message either.
    }
  } catch (...) {
    session_.reset();
  }
}

PlanAdvisor::PlanAdvisor(dH::PlanOptimizer& optimizer, const AdapterOptions& options) noexcept
    : optimizer_(optimizer), options_(options) {}

Status PlanAdvisor::status() const { return session_ ? session_->status() : status_; }

double PlanAdvisor::elapsed_ms() const {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun_).count();
}

void PlanAdvisor::begin(const std::vector<dH::Structure*>& structures) noexcept {
  guarded([&] {
    // [guide: open]
    status_ = describe(optimizer_, structures, options_, model_);
    if (status_.ok()) status_ = build_features(model_, *optimizer_.GetPlan(), features_);
    if (status_.ok() && options_.checks_plan) status_ = check_plan(optimizer_, model_, features_);
    if (status_.ok()) session_ = Session::open(options_.session, model_.start);  // silent without a host
    if (is_live())
      take_schedule(
          session_->ask_geometry(features_.geometry([this](TensorKind kind) { return session_->wants(kind); })));
    // [end]
  });
  guarded([&] {
    if (!is_live() && options_.log) options_.log("no advice: " + status().message);
  });
}

void PlanAdvisor::take_schedule(const GeometryAdvice& advice) {
  if (!advice.stages) return;
  const double finest_gy = model_.levels.front().sigma_gy;
  const Verdict verdict = check_stages(*advice.stages, static_cast<std::uint32_t>(model_.levels.size()), finest_gy,
                                       kLeastSigmaGy, model_.levels.back().sigma_gy);
  session_->report(Role::kPyramidSigma, verdict, 0);
  if (verdict != Verdict::kAccepted) return;
  for (const Stage& stage : *advice.stages) {
    const auto level = static_cast<int>(stage.level);
    const double own_gy = own_level(level).sigma_gy;
    const bool is_own = std::abs(stage.histogram_sigma_gy - own_gy) <= kSameSigma * own_gy;
    stages_.push_back({level, is_own ? 0.0 : stage.histogram_sigma_gy,
                       static_cast<int>((std::min<std::uint32_t>)(stage.iteration_limit, kMostIterations))});
  }
}

std::vector<DescentStage> PlanAdvisor::stages() const noexcept {
  std::vector<DescentStage> stages = stages_;
  if (stages.empty())
    for (int level = dH::PlanPyramid::MAX_SCALES - 1; level >= 0; --level) stages.push_back({level, 0.0, 0});
  return stages;
}

std::vector<double> PlanAdvisor::weights_of(const double* parameters) const {
  return weights_from({parameters, parameters + level().count}, model_.sigmoid, level().columns);
}

std::vector<double> PlanAdvisor::start_weights(const LevelAdvice& advice, double flat_objective) {
  Verdict verdict =
      check_vector(*advice.initial_weights, static_cast<std::size_t>(level().count), 0.0, model_.sigmoid.ceiling);
  std::vector<double> parameters;
  if (verdict == Verdict::kAccepted) {
    parameters = parameters_from(*advice.initial_weights, model_.sigmoid, level().columns);
    const double proposed = evaluate(optimizer_, 0, parameters);
    ++counts_.values;
    if (!(proposed <= options_.start_share * flat_objective)) verdict = Verdict::kWorseThanDefault;
  }
  session_->report(Role::kInitialization, verdict, 0);
  if (verdict != Verdict::kAccepted) return {};
  for (double& value : parameters) value = weight_of(value, model_.sigmoid);
  return parameters;
}

std::optional<std::vector<double>> PlanAdvisor::take_start() noexcept {
  std::optional<std::vector<double>> start;
  guarded([&] {
    bool is_of_model = false;
    if (!is_live()) return;
    for (const RoleBinding& binding : session_->bindings())
      is_of_model = is_of_model || (binding.role == Role::kInitialization && !binding.model.empty());
    if (!is_of_model || session_->has_ended(Role::kInitialization)) return;
    stage_ = {0, level().sigma_gy, 0};
    const std::vector<double> flat(static_cast<std::size_t>(level().count), features_.flat_weight);
    LevelStart question{0, 0, wire_number(level().count), level().sigma_gy, 0.0, 0.0, 0.0, {}};
    question.variance_lower_gy2 = model_.start.levels[0].variance_lower_gy2;
    question.variance_upper_gy2 = model_.start.levels[0].variance_upper_gy2;
    question.objective = evaluate(optimizer_, 0, parameters_from(flat, model_.sigmoid, level().columns));
    ++counts_.values;
    const LevelAdvice advice = session_->ask_level(question);
    if (advice.initial_weights) {
      std::vector<double> weights = start_weights(advice, question.objective);
      if (!weights.empty()) {
        stages_ = {kSmooth, stage_};
        start = std::move(weights);
      }
    }
    LevelEnd end;
    end.stop_reason = StopReason::kIterationLimit;
    end.value_calls = wire_number(counts_.values);
    end.objective = question.objective;
    end.elapsed_ms = elapsed_ms();
    session_->tell_level_end(end);
    ++stage_number_;
  });
  return start;
}

OptimizerAdvice PlanAdvisor::start_stage(const DescentStage& stage, const CVectorN<>& parameters) noexcept {
  OptimizerAdvice advice;
  guarded([&] {
    stage_ = stage;
    stop_gate_ = StopGate();
    has_stopped_stage_ = false;
    advice.iteration_limit = stage.iteration_limit;
    // Where the connection broke, a host may take the plan back before a stage.
    if (!session_ || !session_->resume()) return;
    advice.hook = this;
    if (stage_.sigma_gy == 0.0) stage_.sigma_gy = level().sigma_gy;
    const DynamicCovarianceOptimizer& solver = *optimizer_.GetOptimizer(stage_.level);
    const double lower = solver.GetVarMin(), upper = solver.GetVarMax();
    const std::vector<double> from(&parameters[0], &parameters[0] + parameters.GetDim());
    last_value_ = evaluate(optimizer_, stage_.level, from);
    ++counts_.values;
    LevelStart question{wire_number(stage_.level),
                        stage_number_,
                        wire_number(level().count),
                        stage_.sigma_gy,
                        gy2_of(lower),
                        gy2_of(upper),
                        last_value_,
                        {}};
    const LevelAdvice answer = session_->ask_level(question);
    if (answer.initial_weights) session_->report(Role::kInitialization, Verdict::kSwitchedOff, question.level);
    if (answer.variance_gy2) {
      const Verdict verdict =
          check_vector(*answer.variance_gy2, from.size(), question.variance_lower_gy2, question.variance_upper_gy2);
      session_->report(Role::kAdaptiveVariance, verdict, question.level);
      if (verdict == Verdict::kAccepted)
        advice.variances = variances_from(*answer.variance_gy2, lower, upper, level().columns);
    }
  });
  return advice;
}

bool PlanAdvisor::after_gradient(const IterationState& state) noexcept {
  guarded([&] {
    if (!is_live()) return;
    const auto k = wire_number(state.iteration);
    // [guide: iteration]
    const std::vector<double> x(state.parameters, state.parameters + state.count);
    const std::vector<double> weights = weights_of(state.parameters);
    const std::vector<double> gradient =
        gradient_from_optimizer({state.gradient, state.gradient + state.count}, x, model_.sigmoid, level().columns);
    const std::vector<double> variances =
        variances_gy2_from({state.variances, state.variances + state.count}, level().columns);
    Iteration question;
    question.level = wire_number(stage_.level);
    question.stage = stage_number_;
    question.iteration = k;
    question.objective = state.value;
    const auto add = [&](TensorKind kind, const std::vector<double>& values) {
      if (session_->wants(kind, k)) question.tensors.push_back({kind, values.data(), {wire_number(state.count)}});
    };
    add(TensorKind::kGradient, gradient);
    add(TensorKind::kWeights, weights);
    add(TensorKind::kVariance, variances);
    // [end]
    for (const double value : gradient) question.gradient_norm += value * value;
    question.gradient_norm = std::sqrt(question.gradient_norm);
    question.step_length = state.step_length;
    question.value_calls = wire_number(counts_.values + state.counts.values);
    question.gradient_calls = wire_number(counts_.gradients + state.counts.gradients);
    question.elapsed_ms = elapsed_ms();
    // [guide: stop]
    const IterationAdvice advice = session_->ask_iteration(question);  // at most the iteration's deadline
    const auto judgement = stop_gate_.consider(advice.stop ? &*advice.stop : nullptr, k,
                                               relative_gain(last_value_, state.value), options_.stop_tolerance);
    if (judgement.verdict) session_->report(Role::kEarlyStopping, *judgement.verdict, question.level, k);
    has_stopped_stage_ = judgement.action == StopGate::Action::kStop;
    has_stopped_plan_ = has_stopped_stage_ && judgement.granted == StopDecision::kStopAll;
    // [end]
    last_value_ = state.value;
  });
  return !has_stopped_stage_;
}

void PlanAdvisor::end_stage(vnl_nonlinear_minimizer::ReturnCodes code) noexcept {
  guarded([&] {
    DynamicCovarianceOptimizer& done = *optimizer_.GetOptimizer(stage_.level);
    // dH does not count the iteration that a hook or a callback ends.
    const bool is_ended = code == vnl_nonlinear_minimizer::FAILED_USER_REQUEST;
    const auto iterations = wire_number(done.get_num_iterations() + (is_ended ? 1 : 0));
    last_reason_ = reason_of(code, has_stopped_stage_);
    iterations_ += iterations;
    counts_.values += done.GetCounts().values;
    counts_.gradients += done.GetCounts().gradients;
    if (!is_live()) return;
    LevelEnd end{wire_number(stage_.level), stage_number_++, last_reason_, iterations, 0, 0, 0.0, 0.0};
    end.value_calls = wire_number(done.GetCounts().values);
    end.gradient_calls = wire_number(done.GetCounts().gradients);
    end.objective = done.GetFinalValue();
    end.elapsed_ms = elapsed_ms();
    session_->tell_level_end(end);
  });
}

void PlanAdvisor::finish(const CVectorN<>& weights) noexcept {
  guarded([&] {
    if (!session_ || !session_->resume()) return;
    const std::vector<double> in_dhs_order(&weights[0], &weights[0] + weights.GetDim());
    std::vector<double> parameters(in_dhs_order);
    for (double& value : parameters) value = parameter_of(value, model_.sigmoid);
    PlanFinish end;
    end.stop_reason = last_reason_;
    end.iterations = iterations_;
    end.value_calls = wire_number(counts_.values);
    end.gradient_calls = wire_number(counts_.gradients);
    end.call_equivalents = kValueShare * counts_.values + counts_.gradients;
    end.optimization_ms = elapsed_ms();
    end.reference_objective = evaluate(optimizer_, 0, parameters);  // dH's F, which is not the reference optimizer's
    end.final_weights = mirrored(in_dhs_order, model_.levels[0].columns);
    status_ = session_->finish(end);
  });
}

}  // namespace dh_adapter
