#pragma once

#include <optional>

#include "advice/advice_use.h"
#include "advice/ledger.h"
#include "dh_advisor/gates.h"
#include "solver/stage_solver.h"

namespace rtmodel {

/// Advice between the iterations of one stage: asks, passes the answers through the gates and reports what became of
/// them. Variance stays frozen while a solver runs, so advice on it between iterations is counted and refused.
///
/// A direction that may be used is waited for. Other answers are taken after the next iteration, which the solver
/// computes meanwhile: a stop is checked for some iterations anyway, so that this changes no decision, docs/adr/0026.
class StageGuide {
 public:
  struct Place {
    std::uint32_t level = 0;
    std::uint32_t stage = 0;
    double stop_tolerance = 1e-4;
    AdviceUse use = AdviceUse::kAll;
  };

  StageGuide(AdviceSource& source, AdviceLedger& ledger, const Level& level, Place place)
      : source_(source), ledger_(ledger), level_(level), place_(place) {}

  /// Counts of the plan so far, for the host.
  struct Spent {
    std::uint32_t value_calls = 0;
    std::uint32_t gradient_calls = 0;
    double elapsed_ms = 0.0;
  };

  using Action = dh_advisor::StopGate::Action;

  StageObserver::Decision after_iteration(const IterationState& state, const Spent& spent);
  /// Takes the answer that is still on its way, if any. Call when the stage is over.
  Action settle();
  void on_proposed_step(StepFate fate);
  bool accepts_trial(double f0, double slope0, double f, double slope) const;

  /// An accepted stop was meant for the whole plan.
  bool ends_plan() const { return ends_plan_; }

 private:
  /// A question whose answer is not yet taken.
  struct Open {
    std::uint32_t iteration = 0;
    double relative_gain = 0.0;
    bool is_judged = false;  ///< The gate has had its turn for this iteration and needs no answer.
  };

  bool has_question(std::uint32_t iteration) const;
  bool waits_for_direction() const;
  void post(const IterationState& state, const Spent& spent);
  /// The answer to the open question, its variance and stop judged.
  Action take(dh_advisor::IterationAdvice& advice);
  Action judge_stop(const dh_advisor::StopAdvice* stop, const Open& of);
  std::optional<ProposedStep> judge_direction(dh_advisor::DirectionAdvice advice, const IterationState& state);
  void judge_variance(const std::vector<double>& variance_gy2, std::uint32_t iteration);

  AdviceSource& source_;
  AdviceLedger& ledger_;
  const Level& level_;
  Place place_;
  dh_advisor::DirectionGate direction_gate_;
  dh_advisor::StopGate stop_gate_;
  std::optional<Open> open_;
  std::optional<std::uint32_t> proposed_in_;  // iteration whose answer the step under trial came with
  bool ends_plan_ = false;
};

}  // namespace rtmodel
