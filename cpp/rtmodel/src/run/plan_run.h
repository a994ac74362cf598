#pragma once

#include <chrono>
#include <ctime>
#include <map>
#include <memory>
#include <string>

#include "advice/advice_use.h"
#include "advice/ledger.h"
#include "advice/stage_guide.h"
#include "advice/start_guide.h"
#include "run/run.h"
#include "run/run_parts.h"
#include "run/safeguard.h"
#include "run/schedule.h"
#include "solver/stage_solver.h"

namespace rtmodel {

/// One run of one plan: its stages in order, its counts and its result. Used once. Its descents are in `plan_run.cpp`,
/// what its safeguard asks of it in `plan_standing.cpp`, the objectives in `plan_objectives.cpp`.
class PlanRun : private GuardedRun {
 public:
  PlanRun(const PlanProblem& problem, const RunOptions& options, ProgressSink& progress, AdviceSource& source);

  RunResult run();

 private:
  class StageWatch;

  /// Introduces the plan and asks for what precedes its stages; gives these.
  std::vector<PlannedStage> open_plan();
  /// Whether a learned start may take the place of wide histograms and coarse levels.
  bool may_try_start() const;
  /// Asks for a start at the last stage's objective and takes one that is good enough. False: the plan starts as it
  /// would.
  bool try_start(const PlannedStage& stage);
  StartDecision ask_start(Eigen::VectorXd& weights, Evaluator& evaluator, bool has_variance, double share);
  void descend(const std::vector<PlannedStage>& stages) override;
  void run_stage(const PlannedStage& stage, bool is_last, bool goes_on = false);
  void go_on(const PlannedStage& last, Standing& standing) override;
  Standing leave() override;
  void stand(const Standing& standing) override;
  void begin_anew(AdviceUse use) override;
  Eigen::VectorXd finest_weights() const override;
  double judged_reference() override;
  double judged_reference(const IterationState& state, const Evaluator& evaluator) override;
  Eigen::Index finest_beamlets() const override { return pyramid_.beamlet_count(0); }
  std::uint32_t stage_count() const override { return static_cast<std::uint32_t>(result_.stages.size()); }
  double call_equivalents_since(std::uint32_t first_stage) const override;
  bool is_cancelled() const override { return is_cancelled_; }
  bool ends_plan() const override { return ends_plan_; }
  bool has_lost_advisor() const override {
    return was_live_ && (!source_.is_live() || source_.was_switched_off() || source_.was_interrupted());
  }
  void run_polish(const PlannedStage& stage, Evaluator& evaluator, Covariance* covariance);
  LevelObjective& objective_at(std::uint32_t level);
  Eigen::VectorXd start_at(std::uint32_t level);
  /// Whether a descent that begins at the level does so from the options' weights.
  bool is_given_start(std::uint32_t level) const;
  /// A start of the level without its worst dose errors; the solver is told of the curvature met on the way. See
  /// `prepare_start`.
  Eigen::VectorXd prepared(const Eigen::VectorXd& start, std::uint32_t level, bool is_given);
  /// Sets the variance the options ask for; true when they gave it by beamlet.
  bool set_variance(Evaluator& evaluator);
  /// What updates the variance after every step; null when it stays.
  Covariance* covariance_for(const LevelObjective& objective, bool has_variance);

  /// F_ref of weights of the evaluator's level, where it is F itself or asked for.
  std::optional<double> reference_objective(const Evaluator& evaluator, const Eigen::VectorXd& weights,
                                            double objective);
  /// Whether F of the run is F_ref.
  bool is_reference(const LevelObjective& objective) const;
  LevelObjective& reference();

  RunCounts counts() const;
  double elapsed_ms() const;
  double voxel_weighted_calls() const;
  void record(const PlannedStage& stage, const StageOutcome& outcome, const RunCounts& before, bool is_polish);
  void add_figures(dh_advisor::PlanFinish& goodbye) const;
  void finish();

  const PlanProblem& problem_;
  const RunOptions& options_;
  ProgressSink& progress_;
  AdviceSource& source_;
  AdviceLedger ledger_;
  std::unique_ptr<RunParts> parts_;
  Pyramid& pyramid_;
  std::map<std::uint32_t, std::unique_ptr<LevelObjective>> objectives_;
  std::unique_ptr<LevelObjective> reference_;
  std::unique_ptr<StageSolver> solver_;
  std::unique_ptr<Covariance> covariance_;
  StructureSigmas structure_sigmas_gy_;

  CallCounts calls_;
  std::uint32_t iterations_ = 0;
  std::uint32_t preparation_iterations_ = 0;  // since the last stage was recorded
  std::chrono::steady_clock::time_point start_;
  std::clock_t start_cpu_ = 0;
  double untimed_ms_ = 0.0;  // spent on the trace's reference objective

  AdviceUse use_ = AdviceUse::kAll;
  bool was_live_ = false;  // the advisor, at the plan's start

  Eigen::VectorXd weights_;  // of weights_level_; empty before the first stage
  std::uint32_t weights_level_ = 0;
  bool ends_plan_ = false;
  Safeguard safeguard_;
  bool is_cancelled_ = false;
  RunResult result_;
};

}  // namespace rtmodel
