#include <utility>

#include "run/plan_run.h"

namespace rtmodel {

void PlanRun::run_safeguard(const std::vector<PlannedStage>& stages) {
  // The objectives of both descents may be smoothed differently by advice; F_ref is the same for both, and charged.
  Evaluator judge(reference(), calls_);
  SafeguardResult safeguard;
  safeguard.first_stage = stage_index();
  safeguard.learned_reference = judge.value(pyramid_.carry_down(weights_, weights_level_, 0));
  const Eigen::VectorXd learned = std::exchange(weights_, {});
  const std::uint32_t learned_level = weights_level_;
  const auto [objective, stop_reason] = std::pair(result_.objective, result_.stop_reason);

  standing_reference_ = safeguard.learned_reference;
  descend(stages);

  safeguard.classical_reference = judge.value(pyramid_.carry_down(weights_, weights_level_, 0));
  safeguard.is_taken = safeguard.classical_reference < safeguard.learned_reference;
  if (!safeguard.is_taken) {
    weights_ = learned;
    weights_level_ = learned_level;
    result_.objective = objective;
    result_.stop_reason = is_cancelled_ ? result_.stop_reason : stop_reason;
  }
  result_.safeguard = safeguard;
}

}  // namespace rtmodel
