#include <utility>

#include "run/plan_run.h"
#include "solver/bounded_lbfgs.h"

namespace rtmodel {

void PlanRun::descend_guarded(const std::vector<PlannedStage>& stages) {
  PlannedStage last = plan_stages_from_start(options_).back();
  const std::uint32_t until = safeguard_iterations(options_, pyramid_.beamlet_count(0));
  if (until < last.iteration_limit) pause_ = {until};
  descend({last});
  // A stop of the whole plan, asked for and granted, is meant.
  if (is_cancelled_ || ends_plan_) return;

  // The objectives of both descents may be smoothed differently by advice; F_ref is the same for both, and charged.
  Evaluator judge(reference(), calls_);
  SafeguardResult safeguard;
  safeguard.first_stage = stage_index();
  safeguard.learned_reference = judge.value(pyramid_.carry_down(weights_, weights_level_, 0));
  standing_reference_ = safeguard.learned_reference;
  const bool is_learned_paused = std::exchange(is_paused_, false);
  const std::uint32_t learned_level = weights_level_;
  const auto [objective, stop_reason] = std::pair(result_.objective, result_.stop_reason);
  const Eigen::VectorXd learned = std::exchange(weights_, {});
  std::unique_ptr<StageSolver> learned_solver = std::exchange(solver_, std::make_unique<BoundedLbfgs>(options_.lbfgs));
  if (pause_) pause_->goes_on_below = safeguard.learned_reference / (1.0 - options_.safeguard_lead);

  descend(stages);

  pause_.reset();
  safeguard.classical_reference = judge.value(pyramid_.carry_down(weights_, weights_level_, 0));
  safeguard.is_taken = !is_paused_ && safeguard.classical_reference < safeguard.learned_reference;
  safeguard.is_given_up = is_paused_ || (safeguard.is_taken && is_learned_paused);
  if (!safeguard.is_taken) {
    weights_ = learned;
    weights_level_ = learned_level;
    result_.objective = objective;
    result_.stop_reason = is_cancelled_ ? result_.stop_reason : stop_reason;
    solver_ = std::move(learned_solver);
    if (is_learned_paused && !is_cancelled_ && !ends_plan_) {
      last.iteration_limit -= until;
      run_stage(last, true, true);
    }
  }
  result_.safeguard = safeguard;
}

bool PlanRun::is_to_pause(const IterationState& state, const Evaluator& evaluator) {
  if (state.iteration + 1 != pause_->iterations) return false;
  if (is_reference(evaluator.objective())) return !(state.objective < pause_->goes_on_below);
  Evaluator judge(reference(), calls_);
  return !(judge.value(pyramid_.carry_down(state.weights, evaluator.objective().level().index, 0)) <
           pause_->goes_on_below);
}

}  // namespace rtmodel
