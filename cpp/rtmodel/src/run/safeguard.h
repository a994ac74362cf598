#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "advice/advice_use.h"
#include "objective/evaluator.h"
#include "run/run.h"
#include "run/schedule.h"
#include "solver/stage_solver.h"

namespace rtmodel {

/// What a safeguard may ask of the run that it guards.
class GuardedRun {
 public:
  /// Where a descent ended, and what it would go on with.
  struct Standing {
    Eigen::VectorXd weights;
    std::uint32_t level = 0;
    double objective = 0.0;
    dh_advisor::StopReason stop_reason = dh_advisor::StopReason::kTolerance;
    std::string fault;
    std::unique_ptr<StageSolver> solver;
    StructureSigmas structure_sigmas_gy;
  };

  virtual ~GuardedRun() = default;
  virtual void descend(const std::vector<PlannedStage>& stages) = 0;
  /// Goes on with the last stage of a descent, where `standing` was interrupted; takes no start.
  virtual void go_on(const PlannedStage& last, Standing& standing) = 0;
  /// Takes away where the plan stands.
  virtual Standing leave() = 0;
  /// Puts the plan where a descent ended.
  virtual void stand(const Standing& standing) = 0;
  /// As if nothing had been made. Neither curvature nor variance of an earlier descent stays, or bits would differ.
  virtual void begin_anew(AdviceUse use) = 0;
  virtual Eigen::VectorXd finest_weights() const = 0;
  /// F_ref where the plan stands. The objectives of two descents may be smoothed differently by advice; this is the
  /// same for both. Charged.
  virtual double judged_reference() = 0;
  /// F_ref in an iteration; charged where it is not F itself.
  virtual double judged_reference(const IterationState& state, const Evaluator& evaluator) = 0;
  virtual Eigen::Index finest_beamlets() const = 0;
  virtual std::uint32_t stage_count() const = 0;
  virtual double call_equivalents_since(std::uint32_t first_stage) const = 0;
  virtual bool is_cancelled() const = 0;
  /// A stop of the whole plan was granted.
  virtual bool ends_plan() const = 0;
  /// The advisor answered once and does so no more, or not for every role that it served.
  virtual bool has_lost_advisor() const = 0;
};

/// Holds a plan to its quality (docs/adr/0022, 0027): makes the descent without the advice that is judged, and leaves
/// the better of both. Used once.
class Safeguard {
 public:
  Safeguard(GuardedRun& run, const RunOptions& options) : run_(run), options_(options), quality_(quality_of(options)) {}

  /// What the run took of advice.
  void took_schedule() { has_schedule_ = has_way_ = true; }
  void took_start() { has_start_ = has_way_ = true; }
  void took_other() { has_way_ = true; }

  /// Whether a descent from a learned start has another one beside it from the beginning.
  bool guards_starts() const { return options_.solver == dh_advisor::SolverKind::kLbfgs && quality_ != Quality::kFast; }
  /// The descent of L-BFGS from the learned start, and beside it the one of `stages` that it replaces.
  void descend_guarded(const std::vector<PlannedStage>& stages);
  /// Makes the plan once more without the advice that has still to be judged, when there is some.
  void judge(const std::vector<PlannedStage>& stages);

  /// Whether the last stage of a descent is watched.
  bool is_watching() const { return checkpoint_.has_value(); }
  /// Whether that stage is to be interrupted after an iteration. Notes F_ref at the checkpoint.
  bool interrupts(const IterationState& state, const Evaluator& evaluator);
  /// The last stage that ran was interrupted, and had not converged.
  void was_interrupted() { is_interrupted_ = true; }
  bool is_interrupted() const { return is_interrupted_; }

  /// F_ref of the plan that stands while another is made.
  std::optional<double> standing_reference() const { return standing_reference_; }
  const std::optional<SafeguardResult>& result() const { return result_; }
  /// The plan without any advice, where it was made.
  std::optional<UnadvisedResult>& unadvised() { return unadvised_; }

 private:
  /// An iteration of a descent's last stage at which descents are compared.
  struct Checkpoint {
    std::uint32_t iterations = 0;
    bool interrupts = false;          // there, for another descent to be made
    std::optional<double> reference;  // F_ref there
  };

  /// Why the plan that stands has still to be judged; nothing when it need not.
  std::optional<SafeguardReason> open_judgement() const;
  /// The descent without starts, or without any advice, from nothing that the one before has left. Its F_ref.
  double descend_without(SafeguardReason reason, const std::vector<PlannedStage>& stages);

  GuardedRun& run_;
  const RunOptions& options_;
  const Quality quality_;
  bool has_schedule_ = false;
  bool has_start_ = false;
  bool has_way_ = false;             // some advice changed where a descent went
  bool is_judged_by_plain_ = false;  // a descent without any advice was made
  std::optional<Checkpoint> checkpoint_;
  bool is_interrupted_ = false;
  std::optional<double> standing_reference_;
  std::optional<SafeguardResult> result_;
  std::optional<UnadvisedResult> unadvised_;
};

}  // namespace rtmodel
