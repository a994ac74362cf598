#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "dh_advisor/gates.h"
#include "iteration_hook.h"
#include "self_checks.h"

namespace dh_adapter {

/// One stage of the descent.
struct DescentStage {
  int level = 0;
  double sigma_gy = 0.0;    ///< 0 = the level's own.
  int iteration_limit = 0;  ///< 0 = dH's own.
};

/// One plan's conversation with the host, in dH's terms. Every function is noexcept: whatever goes wrong in it, there
/// is no advice from then on, and the descent goes on as without. Not thread-safe; one a plan.
class PlanAdvisor final : public IterationHook {
 public:
  /// Borrows both for its life.
  PlanAdvisor(dH::PlanOptimizer& optimizer, const AdapterOptions& options) noexcept;

  /// Describes and checks the plan, opens the session and asks the geometry question.
  void begin(const std::vector<dH::Structure*>& structures) noexcept;
  bool is_live() const noexcept { return session_ && session_->is_live(); }
  /// Ok, or why there is no advice; `beams[0].gantry_deg: ...` when a self-check failed.
  dh_advisor::Status status() const;

  /// dH's levels, coarsest first, or the host's schedule.
  std::vector<DescentStage> stages() const noexcept;
  /// A level as dH was built. Of a live session.
  const LevelModel& own_level(int level) const noexcept { return model_.levels[static_cast<std::size_t>(level)]; }
  /// Weights of level 0 in dH's order, when a model's start is far better than the flat one; then `stages` leaves the
  /// coarse levels out.
  std::optional<std::vector<double>> take_start() noexcept;

  /// For the next `minimize`, which starts from these parameters.
  OptimizerAdvice start_stage(const DescentStage& stage, const CVectorN<>& parameters) noexcept;
  bool after_gradient(const IterationState& state) noexcept override;
  void end_stage(vnl_nonlinear_minimizer::ReturnCodes code) noexcept;
  /// The host's stop of the whole plan was granted: go down to level 0 without descending.
  bool has_stopped_plan() const noexcept { return has_stopped_plan_; }
  void finish(const CVectorN<>& weights) noexcept;

 private:
  template <typename Step>
  void guarded(Step step) noexcept;
  const LevelModel& level() const { return own_level(stage_.level); }
  void take_schedule(const dh_advisor::GeometryAdvice& advice);
  std::vector<double> weights_of(const double* parameters) const;
  std::vector<double> start_weights(const dh_advisor::LevelAdvice& advice, double flat_objective);
  double elapsed_ms() const;

  dH::PlanOptimizer& optimizer_;
  const AdapterOptions& options_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::unique_ptr<dh_advisor::Session> session_;
  dh_advisor::Status status_;
  PlanModel model_;
  PlanFeatures features_;
  std::vector<DescentStage> stages_;
  DescentStage stage_;
  std::uint32_t stage_number_ = 0;  ///< On the wire; 0 is the comparison of a learned start.
  dh_advisor::StopGate stop_gate_;
  double last_value_ = 0.0;
  bool has_stopped_stage_ = false;
  bool has_stopped_plan_ = false;
  std::uint32_t iterations_ = 0;
  OptimizerCounts counts_;  ///< Of the plan.
  dh_advisor::StopReason last_reason_ = dh_advisor::StopReason::kTolerance;
};

}  // namespace dh_adapter
