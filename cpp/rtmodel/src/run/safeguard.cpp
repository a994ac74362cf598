#include <algorithm>
#include <utility>

#include "run/plan_run.h"

namespace rtmodel {

void PlanRun::descend_guarded(const std::vector<PlannedStage>& stages) {
  PlannedStage last = plan_stages_from_start(options_).back();
  const std::uint32_t until = safeguard_iterations(options_, pyramid_.beamlet_count(0));
  checkpoint_ = Checkpoint{until, until < last.iteration_limit, {}};
  descend({last});
  if (is_cancelled_) return;

  SafeguardResult safeguard;
  safeguard.first_stage = stage_index();
  safeguard.learned_reference = judged_reference();
  standing_reference_ = safeguard.learned_reference;
  const bool is_interrupted = std::exchange(is_interrupted_, false);
  std::unique_ptr<StageSolver> learned_solver = std::move(solver_);
  Standing learned = leave();
  const StructureSigmas learned_sigmas_gy = structure_sigmas_gy_;

  checkpoint_ = Checkpoint{until, false, {}};
  safeguard.reason = quality() == Quality::kStrict ? SafeguardReason::kStrict
                     : has_lost_advisor()          ? SafeguardReason::kLost
                                                   : SafeguardReason::kStart;
  descend_without(safeguard.reason, stages);
  safeguard.classical_reference = judged_reference();
  note_unadvised(safeguard);
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
    structure_sigmas_gy_ = learned_sigmas_gy;
    use_ = AdviceUse::kAllButStarts;
    last.iteration_limit -= until;
    run_stage(last, true, true);
    safeguard.learned_reference = judged_reference();
  }
  safeguard.is_taken = safeguard.classical_reference < safeguard.learned_reference;
  if (safeguard.is_taken) stand(classical);
  result_.safeguard = safeguard;
}

std::optional<SafeguardReason> PlanRun::open_judgement() const {
  if (is_cancelled_ || is_judged_by_plain_ || !has_advised_way_) return std::nullopt;
  if (quality() == Quality::kStrict) return SafeguardReason::kStrict;
  if (has_lost_advisor()) return SafeguardReason::kLost;
  if (quality() == Quality::kBalanced && has_advised_start_ && !result_.safeguard) return SafeguardReason::kStart;
  return std::nullopt;
}

void PlanRun::judge_plan(SafeguardReason reason, const std::vector<PlannedStage>& stages) {
  SafeguardResult safeguard;
  safeguard.reason = reason;
  safeguard.first_stage = stage_index();
  safeguard.learned_reference = judged_reference();
  standing_reference_ = safeguard.learned_reference;
  const Standing advised = leave();
  descend_without(reason, stages);
  safeguard.classical_reference = judged_reference();
  note_unadvised(safeguard);
  safeguard.is_taken = safeguard.classical_reference < safeguard.learned_reference;
  if (!safeguard.is_taken) stand(advised);
  result_.safeguard = safeguard;
}

void PlanRun::descend_without(SafeguardReason reason, const std::vector<PlannedStage>& stages) {
  // A stop of the whole plan was granted to the descent before.
  ends_plan_ = false;
  // Neither curvature nor variance of the other descent, or bits would differ.
  solver_ = parts_->make_solver();
  objectives_.clear();
  if (reason == SafeguardReason::kStart) {
    use_ = AdviceUse::kAllButStarts;
    has_advised_way_ = has_advised_schedule_;
    descend(stages);
    is_judged_by_plain_ = !has_advised_way_;
    has_advised_way_ = true;
    return;
  }
  use_ = AdviceUse::kNothing;
  structure_sigmas_gy_ = options_.structure_sigma_gy;
  descend(plan_stages(options_));
  is_judged_by_plain_ = true;
}

void PlanRun::note_unadvised(const SafeguardResult& safeguard) {
  if (!is_judged_by_plain_) return;
  const Eigen::VectorXd finest = pyramid_.carry_down(weights_, weights_level_, 0);
  UnadvisedResult unadvised;
  unadvised.reference_objective = safeguard.classical_reference;
  for (std::size_t i = safeguard.first_stage; i < result_.stages.size(); ++i) {
    unadvised.call_equivalents += result_.stages[i].counts.call_equivalents;
  }
  unadvised.final_weights.assign(finest.data(), finest.data() + finest.size());
  result_.unadvised = std::move(unadvised);
}

double PlanRun::judged_reference() {
  // The objectives of two descents may be smoothed differently by advice; F_ref is the same for both.
  Evaluator judge(reference(), calls_);
  return judge.value(pyramid_.carry_down(weights_, weights_level_, 0));
}

PlanRun::Standing PlanRun::leave() {
  return {std::exchange(weights_, {}), weights_level_, result_.objective, result_.stop_reason,
          std::exchange(result_.fault, {})};
}

void PlanRun::stand(const Standing& standing) {
  weights_ = standing.weights;
  weights_level_ = standing.level;
  result_.objective = standing.objective;
  result_.fault = standing.fault;
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
