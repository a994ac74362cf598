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
#include "run/schedule.h"
#include "solver/stage_solver.h"

namespace rtmodel {

/// One run of one plan: its stages in order, its counts and its result. Used once. Its descents are in `plan_run.cpp`,
/// what judges them in `safeguard.cpp`, the objectives in `plan_objectives.cpp`.
class PlanRun {
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
  void descend(const std::vector<PlannedStage>& stages);
  void run_stage(const PlannedStage& stage, bool is_last, bool goes_on = false);
  Quality quality() const { return quality_of(options_); }
  /// The advisor answered once and does so no more, or not for every role that it served.
  bool has_lost_advisor() const { return was_live_ && (!source_.is_live() || source_.was_switched_off()); }
  /// The descent of L-BFGS from the learned start, and beside it the one of `stages` that it replaces.
  void descend_guarded(const std::vector<PlannedStage>& stages);
  /// Why the plan that stands has still to be judged by the one without its advice; nothing when it need not.
  std::optional<SafeguardReason> open_judgement() const;
  /// Makes the plan once more without the advice that is judged, and leaves the better of both.
  void judge_plan(SafeguardReason reason, const std::vector<PlannedStage>& stages);
  /// The descent without starts, or without any advice, from nothing that the one before has left.
  void descend_without(SafeguardReason reason, const std::vector<PlannedStage>& stages);
  /// Keeps the plan that stands for the reports, where no advice made it.
  void note_unadvised(const SafeguardResult& safeguard);
  /// F_ref where the plan stands; charged.
  double judged_reference();
  /// Takes away the plan that a descent ended with, and puts one in its place.
  struct Standing {
    Eigen::VectorXd weights;
    std::uint32_t level = 0;
    double objective = 0.0;
    dh_advisor::StopReason stop_reason = dh_advisor::StopReason::kTolerance;
    std::string fault;
  };
  Standing leave();
  void stand(const Standing& standing);
  /// Whether the last stage of a descent is to be interrupted after an iteration. Notes F_ref at the checkpoint.
  bool interrupts(const IterationState& state, const Evaluator& evaluator);
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

  std::uint32_t stage_index() const { return static_cast<std::uint32_t>(result_.stages.size()); }
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
  bool has_advised_schedule_ = false;
  bool has_advised_way_ = false;  // some advice changed where a descent went
  bool has_advised_start_ = false;
  bool is_judged_by_plain_ = false;  // a descent without any advice was made

  Eigen::VectorXd weights_;  // of weights_level_; empty before the first stage
  std::uint32_t weights_level_ = 0;
  bool ends_plan_ = false;
  /// An iteration of a descent's last stage at which descents are compared.
  struct Checkpoint {
    std::uint32_t iterations = 0;
    bool interrupts = false;          // there, for another descent to be made
    std::optional<double> reference;  // F_ref there
  };
  std::optional<Checkpoint> checkpoint_;
  bool is_interrupted_ = false;               // the last stage that ran
  std::optional<double> standing_reference_;  // F_ref of the plan before it
  bool is_cancelled_ = false;
  RunResult result_;
};

}  // namespace rtmodel
