#include "run/safeguard.h"

#include <algorithm>
#include <utility>

namespace rtmodel {

void Safeguard::descend_guarded(const std::vector<PlannedStage>& stages) {
  PlannedStage last = plan_stages_from_start(options_).back();
  const std::uint32_t until = safeguard_iterations(options_, run_.finest_beamlets());
  checkpoint_ = Checkpoint{until, until < last.iteration_limit, {}};
  run_.descend({last});
  if (run_.is_cancelled()) return;

  SafeguardResult result;
  result.first_stage = run_.stage_count();
  result.learned_reference = run_.judged_reference();
  standing_reference_ = result.learned_reference;
  const bool was_interrupted = std::exchange(is_interrupted_, false);
  GuardedRun::Standing learned = run_.leave();

  checkpoint_ = Checkpoint{until, false, {}};
  result.reason = quality_ == Quality::kStrict ? SafeguardReason::kStrict
                  : run_.has_lost_advisor()    ? SafeguardReason::kLost
                                               : SafeguardReason::kStart;
  result.classical_reference = descend_without(result.reason, stages);
  const double rival = checkpoint_->reference.value_or(result.classical_reference);
  checkpoint_.reset();

  const bool has_lead = result.learned_reference < (1.0 - options_.safeguard_lead) * rival ||
                        result.learned_reference < result.classical_reference;
  result.is_given_up = was_interrupted && (!has_lead || run_.is_cancelled() || run_.ends_plan());
  const GuardedRun::Standing classical = run_.leave();
  // Interrupted for good: where the plan stays there all the same, what ended the other descent ended the plan.
  if (result.is_given_up) learned.stop_reason = classical.stop_reason;
  run_.stand(learned);
  if (was_interrupted && !result.is_given_up) {
    standing_reference_ = std::min(result.learned_reference, result.classical_reference);
    last.iteration_limit -= until;
    run_.go_on(last, learned);
    result.learned_reference = run_.judged_reference();
  }
  result.is_taken = result.classical_reference < result.learned_reference;
  if (result.is_taken) run_.stand(classical);
  result_ = result;
}

void Safeguard::judge(const std::vector<PlannedStage>& stages) {
  const std::optional<SafeguardReason> reason = open_judgement();
  if (!reason) return;
  SafeguardResult result;
  result.reason = *reason;
  result.first_stage = run_.stage_count();
  result.learned_reference = run_.judged_reference();
  standing_reference_ = result.learned_reference;
  const GuardedRun::Standing advised = run_.leave();
  result.classical_reference = descend_without(*reason, stages);
  result.is_taken = result.classical_reference < result.learned_reference;
  if (!result.is_taken) run_.stand(advised);
  result_ = result;
}

std::optional<SafeguardReason> Safeguard::open_judgement() const {
  if (run_.is_cancelled() || is_judged_by_plain_ || !has_way_) return std::nullopt;
  if (quality_ == Quality::kStrict) return SafeguardReason::kStrict;
  if (run_.has_lost_advisor()) return SafeguardReason::kLost;
  if (quality_ == Quality::kBalanced && has_start_ && !result_) return SafeguardReason::kStart;
  return std::nullopt;
}

double Safeguard::descend_without(SafeguardReason reason, const std::vector<PlannedStage>& stages) {
  const std::uint32_t first_stage = run_.stage_count();
  if (reason == SafeguardReason::kStart) {
    run_.begin_anew(AdviceUse::kAllButStarts);
    has_way_ = has_schedule_;
    run_.descend(stages);
    is_judged_by_plain_ = !has_way_;
    has_way_ = true;
  } else {
    run_.begin_anew(AdviceUse::kNothing);
    run_.descend(plan_stages(options_));
    is_judged_by_plain_ = true;
  }
  const double reference = run_.judged_reference();
  if (!is_judged_by_plain_) return reference;
  const Eigen::VectorXd finest = run_.finest_weights();
  unadvised_ = UnadvisedResult{
      reference, run_.call_equivalents_since(first_stage), {finest.data(), finest.data() + finest.size()}};
  return reference;
}

bool Safeguard::interrupts(const IterationState& state, const Evaluator& evaluator) {
  if (state.iteration + 1 != checkpoint_->iterations) return false;
  if (checkpoint_->interrupts) return true;
  checkpoint_->reference = run_.judged_reference(state, evaluator);
  return false;
}

}  // namespace rtmodel
