#include <utility>

#include "run/plan_run.h"

namespace rtmodel {

PlanRun::Standing PlanRun::leave() {
  Standing standing;
  standing.weights = std::exchange(weights_, {});
  standing.level = weights_level_;
  standing.objective = result_.objective;
  standing.stop_reason = result_.stop_reason;
  standing.fault = std::exchange(result_.fault, {});
  standing.solver = std::move(solver_);
  standing.structure_sigmas_gy = structure_sigmas_gy_;
  return standing;
}

void PlanRun::stand(const Standing& standing) {
  weights_ = standing.weights;
  weights_level_ = standing.level;
  result_.objective = standing.objective;
  result_.fault = standing.fault;
  if (!is_cancelled_) result_.stop_reason = standing.stop_reason;
}

void PlanRun::go_on(const PlannedStage& last, Standing& standing) {
  solver_ = std::move(standing.solver);
  structure_sigmas_gy_ = standing.structure_sigmas_gy;
  use_ = AdviceUse::kAllButStarts;
  run_stage(last, true, true);
}

void PlanRun::begin_anew(AdviceUse use) {
  // A stop of the whole plan was granted to the descent before.
  ends_plan_ = false;
  solver_ = parts_->make_solver();
  objectives_.clear();
  use_ = use;
  if (use == AdviceUse::kNothing) structure_sigmas_gy_ = options_.structure_sigma_gy;
}

Eigen::VectorXd PlanRun::finest_weights() const { return pyramid_.carry_down(weights_, weights_level_, 0); }

double PlanRun::judged_reference() { return Evaluator(reference(), calls_).value(finest_weights()); }

double PlanRun::judged_reference(const IterationState& state, const Evaluator& evaluator) {
  if (is_reference(evaluator.objective())) return state.objective;
  const std::uint32_t level = evaluator.objective().level().index;
  return Evaluator(reference(), calls_).value(pyramid_.carry_down(state.weights, level, 0));
}

double PlanRun::call_equivalents_since(std::uint32_t first_stage) const {
  double sum = 0.0;
  for (std::size_t i = first_stage; i < result_.stages.size(); ++i) {
    sum += result_.stages[i].counts.call_equivalents;
  }
  return sum;
}

}  // namespace rtmodel
