#include <utility>

#include "run/plan_run.h"

namespace rtmodel {

using dh_advisor::StopReason;

namespace {

std::vector<RoleResult> roles_of(const dh_advisor::SessionCounters& counters) {
  std::map<dh_advisor::Role, RoleResult> roles;
  for (const auto& [key, count] : counters.verdicts) {
    RoleResult& result = roles[key.first];
    result.role = key.first;
    result.received += count;
    (key.second == dh_advisor::Verdict::kAccepted ? result.accepted : result.refused) += count;
    result.verdicts[key.second] += count;
  }
  std::vector<RoleResult> results;
  for (const auto& [role, result] : roles) results.push_back(result);
  return results;
}

}  // namespace

double PlanRun::elapsed_ms() const {
  const auto elapsed = std::chrono::steady_clock::now() - start_;
  return std::chrono::duration<double, std::milli>(elapsed).count() - untimed_ms_;
}

RunCounts PlanRun::counts() const {
  RunCounts counts;
  counts.iterations = iterations_;
  counts.value_calls = calls_.value_calls;
  counts.gradient_calls = calls_.gradient_calls;
  counts.call_equivalents = calls_.gradient_calls + result_.value_call_share * calls_.value_calls;
  counts.objective_ms = calls_.objective_ms;
  counts.covariance_ms = calls_.covariance_ms;
  counts.advice_ms = calls_.advice_ms;
  counts.total_ms = elapsed_ms();
  return counts;
}

double PlanRun::voxel_weighted_calls() const {
  const double finest = static_cast<double>(pyramid_.level(0).runs.rows());
  // What no stage made, such as the comparison of two descents, was made at the finest level.
  double sum = result_.total.call_equivalents;
  for (const StageResult& stage : result_.stages) {
    sum -= stage.counts.call_equivalents * (1.0 - static_cast<double>(stage.voxel_count) / finest);
  }
  return sum;
}

void PlanRun::record(const PlannedStage& stage, const StageOutcome& outcome, const RunCounts& before, bool is_polish) {
  StageResult result;
  result.level = stage.level;
  result.histogram_sigma_gy = stage.histogram_sigma_gy;
  result.beamlet_count = static_cast<std::uint32_t>(pyramid_.beamlet_count(stage.level));
  result.voxel_count = static_cast<std::uint32_t>(pyramid_.level(stage.level).runs.rows());
  result.is_polish = is_polish;
  result.preparation_iterations = std::exchange(preparation_iterations_, 0);
  result.counts = counts();
  result.counts.iterations -= before.iterations;
  result.counts.value_calls -= before.value_calls;
  result.counts.gradient_calls -= before.gradient_calls;
  result.counts.call_equivalents -= before.call_equivalents;
  result.counts.objective_ms -= before.objective_ms;
  result.counts.covariance_ms -= before.covariance_ms;
  result.counts.advice_ms -= before.advice_ms;
  result.counts.total_ms -= before.total_ms;
  result.objective = outcome.objective;
  // Whatever else ended the stage at that iteration.
  result.stop_reason = is_cancelled_ ? StopReason::kCancelled : outcome.stop_reason;
  const std::uint32_t index = stage_count();
  result_.stages.push_back(result);
  result_.objective = outcome.objective;
  result_.stop_reason = result.stop_reason;
  // The host counts stages by their starts; a polish belongs to the stage it ends.
  if (is_polish || !source_.is_live()) return;
  const Stopwatch watch(calls_.advice_ms);
  const RunCounts& counts = result.counts;
  source_.tell_level_end({result.level, index, result.stop_reason, counts.iterations, counts.value_calls,
                          counts.gradient_calls, result.objective, counts.total_ms});
}

void PlanRun::add_figures(dh_advisor::PlanFinish& goodbye) const {
  if (!options_.figures) return;
  PlanFigures figures = options_.figures(result_.final_weights);
  goodbye.metrics = std::move(figures.metrics);
  goodbye.curves = std::move(figures.curves);
  goodbye.slices = std::move(figures.slices);
  if (!result_.unadvised) return;
  PlanFigures without = options_.figures(result_.unadvised->final_weights);
  goodbye.unadvised = {result_.unadvised->reference_objective, result_.unadvised->call_equivalents,
                       std::move(without.metrics), std::move(without.curves)};
}

void PlanRun::finish() {
  result_.total = counts();
  result_.cpu_ms = 1e3 * static_cast<double>(std::clock() - start_cpu_) / CLOCKS_PER_SEC;
  result_.voxel_weighted_calls = voxel_weighted_calls();
  // A cancelled or stopped plan may end above the finest level.
  const Eigen::VectorXd finest = pyramid_.carry_down(weights_, weights_level_, 0);
  result_.final_weights.assign(finest.data(), finest.data() + finest.size());
  result_.reference_objective = reference().value(finest);
  result_.safeguard = safeguard_.result();
  result_.unadvised = std::move(safeguard_.unadvised());
  if (!parts_->has_reference_objective()) result_.own_objective = parts_->make_objective(0)->value(finest);
  if (source_.resume()) {
    dh_advisor::PlanFinish goodbye;
    goodbye.stop_reason = result_.stop_reason;
    goodbye.iterations = result_.total.iterations;
    goodbye.value_calls = result_.total.value_calls;
    goodbye.gradient_calls = result_.total.gradient_calls;
    goodbye.call_equivalents = result_.total.call_equivalents;
    goodbye.optimization_ms = result_.total.total_ms;
    goodbye.reference_objective = result_.reference_objective;
    add_figures(goodbye);
    goodbye.final_weights = result_.final_weights;
    source_.finish(goodbye);
  }
  result_.advice = source_.describe();
  result_.advice.roles = ledger_.results();
  if (!result_.advice.session_counters) return;
  // The session also refused what never reached the optimizer, such as late or misshapen answers.
  result_.advice.roles = roles_of(*result_.advice.session_counters);
}

}  // namespace rtmodel
