#include <algorithm>
#include <utility>

#include "run/plan_run.h"
#include "solver/bounded_lbfgs.h"

namespace rtmodel {

void PlanRun::descend_guarded(const std::vector<PlannedStage>& stages) {
  PlannedStage last = plan_stages_from_start(options_).back();
  const std::uint32_t until = safeguard_iterations(options_, pyramid_.beamlet_count(0));
  checkpoint_ = Checkpoint{until, until < last.iteration_limit, {}};
  descend({last});
  // A stop of the whole plan, asked for and granted, is meant.
  if (is_cancelled_ || ends_plan_) return;

  // The objectives of both descents may be smoothed differently by advice; F_ref is the same for both, and charged.
  Evaluator judge(reference(), calls_);
  const auto judged = [&] { return judge.value(pyramid_.carry_down(weights_, weights_level_, 0)); };
  SafeguardResult safeguard;
  safeguard.first_stage = stage_index();
  safeguard.learned_reference = judged();
  standing_reference_ = safeguard.learned_reference;
  const bool is_interrupted = std::exchange(is_interrupted_, false);
  std::unique_ptr<StageSolver> learned_solver = std::exchange(solver_, std::make_unique<BoundedLbfgs>(options_.lbfgs));
  Standing learned = leave();

  checkpoint_ = Checkpoint{until, false, {}};
  descend(stages);
  safeguard.classical_reference = judged();
  const double rival = checkpoint_->reference.value_or(safeguard.classical_reference);
  checkpoint_.reset();

  const bool has_lead = safeguard.learned_reference < (1.0 - options_.safeguard_lead) * rival ||
                        safeguard.learned_reference < safeguard.classical_reference;
  safeguard.is_given_up = is_interrupted && (!has_lead || is_cancelled_ || ends_plan_);
  const Standing classical = leave();
  // Interrupted for good: where the plan stays there all the same, what ended the other descent ended the plan.
  if (safeguard.is_given_up) learned.stop_reason = classical.stop_reason;
  stand(learned);
  if (is_interrupted && !safeguard.is_given_up) {
    standing_reference_ = std::min(safeguard.learned_reference, safeguard.classical_reference);
    solver_ = std::move(learned_solver);
    last.iteration_limit -= until;
    run_stage(last, true, true);
    safeguard.learned_reference = judged();
  }
  safeguard.is_taken = safeguard.classical_reference < safeguard.learned_reference;
  if (safeguard.is_taken) stand(classical);
  result_.safeguard = safeguard;
}

PlanRun::Standing PlanRun::leave() {
  return {std::exchange(weights_, {}), weights_level_, result_.objective, result_.stop_reason};
}

void PlanRun::stand(const Standing& standing) {
  weights_ = standing.weights;
  weights_level_ = standing.level;
  result_.objective = standing.objective;
  if (!is_cancelled_) result_.stop_reason = standing.stop_reason;
}

bool PlanRun::interrupts(const IterationState& state, const Evaluator& evaluator) {
  if (state.iteration + 1 != checkpoint_->iterations) return false;
  if (checkpoint_->interrupts) return true;
  if (is_reference(evaluator.objective())) {
    checkpoint_->reference = state.objective;
  } else {
    Evaluator judge(reference(), calls_);
    checkpoint_->reference = judge.value(pyramid_.carry_down(state.weights, evaluator.objective().level().index, 0));
  }
  return false;
}

}  // namespace rtmodel
