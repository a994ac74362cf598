#pragma once

#include <optional>

#include "advice/ledger.h"
#include "dh_advisor/gates.h"
#include "solver/stage_solver.h"

namespace rtmodel {

/// Advice between the iterations of one stage: asks, passes the answers through the gates and reports what became of
/// them. Variance stays frozen while a solver runs, so advice on it between iterations is counted and refused.
class StageGuide {
 public:
  struct Place {
    std::uint32_t level = 0;
    std::uint32_t stage = 0;
    double stop_tolerance = 1e-4;
  };

  StageGuide(AdviceSource& source, AdviceLedger& ledger, const Level& level, Place place)
      : source_(source), ledger_(ledger), level_(level), place_(place) {}

  /// Counts of the plan so far, for the host.
  struct Spent {
    std::uint32_t value_calls = 0;
    std::uint32_t gradient_calls = 0;
    double elapsed_ms = 0.0;
  };

  StageObserver::Decision after_iteration(const IterationState& state, const Spent& spent);
  void on_proposed_step(StepFate fate);
  bool accepts_trial(double f0, double slope0, double f, double slope) const;

  /// An accepted stop was meant for the whole plan.
  bool ends_plan() const { return ends_plan_; }

 private:
  bool has_question(std::uint32_t iteration) const;
  dh_advisor::IterationAdvice ask(const IterationState& state, const Spent& spent);
  dh_advisor::StopGate::Action judge_stop(const dh_advisor::IterationAdvice& advice, const IterationState& state);
  std::optional<ProposedStep> judge_direction(dh_advisor::DirectionAdvice advice, const IterationState& state);
  void judge_variance(const std::vector<double>& variance_gy2, const IterationState& state);

  AdviceSource& source_;
  AdviceLedger& ledger_;
  const Level& level_;
  Place place_;
  dh_advisor::DirectionGate direction_gate_;
  dh_advisor::StopGate stop_gate_;
  std::optional<std::uint32_t> proposed_in_;  // iteration whose answer the step under trial came with
  bool ends_plan_ = false;
};

}  // namespace rtmodel
