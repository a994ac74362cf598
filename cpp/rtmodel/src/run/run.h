#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dh_advisor/session.h"
#include "fidelity.h"
#include "problem.h"
#include "solver/bounded_lbfgs_options.h"

namespace rtmodel {

class AdviceSource;

/// Where dH's per-beamlet variance comes from. The `lbfgs` solver keeps every variance at its minimum instead, as
/// F_ref has it; it listens only to `kPredicted`.
enum class CovarianceMode {
  kFull,         ///< Whole basis orthogonalised anew at every iteration, as dH does: O(n^3).
  kIncremental,  ///< One direction added to a kept basis: O(n k) after k iterations.
  kPredicted,    ///< The given or advised vector; the level's minimum where there is none.
  kFixed,        ///< Stays at the level's maximum.
};

/// Stable lower-case names, such as `incremental`. Thread-safe.
const char* name_of(CovarianceMode mode);

/// `kStrict`: where advice changed the way, the plan without any advice is made as well, and the better kept.
/// `kBalanced`: no start makes it worse, because the plan without the start is made as well; a granted stop costs what
/// docs/adr/0027 says. `kFast`: the gates alone.
using dh_advisor::Quality;

/// One stage of the optimization: a level of the pyramid at one histogram sigma.
struct StageOptions {
  std::uint32_t level = 0;            ///< 0 = finest, at most 3.
  double histogram_sigma_gy = 2.5;    ///< In (0, 200].
  std::uint32_t iteration_limit = 0;  ///< 0 = `RunOptions::max_iterations`.
  std::optional<double> tolerance;    ///< Relative change of F that ends the stage; absent = that of solver and level.
};

/// Data for the advisor that only the maker of the problem can compute. Called at most once, and only if the host wants
/// it.
struct GeometryOffer {
  std::function<std::vector<double>()> path_density;  ///< n x 100 relative electron densities, row-major.
  std::vector<dh_advisor::VolumeView> volumes;        ///< CT and masks; borrowed for the run.
};

/// What is told of a finished plan's dose.
struct PlanFigures {
  std::vector<dh_advisor::DoseMetric> metrics;
  std::vector<dh_advisor::DoseVolumeCurve> curves;
  std::vector<dh_advisor::DoseSlice> slices;
};

struct RunOptions {
  dh_advisor::SolverKind solver = dh_advisor::SolverKind::kDh;
  /// `kShipped` is of the solver dH alone, knows no structure sigmas and prepares no start.
  Fidelity fidelity = Fidelity::kExact;
  /// Absent: incremental; full for shipped dH, which has no incremental one.
  std::optional<CovarianceMode> covariance;
  /// Absent: no advisor. Its `mode` decides between off, shadow and advise.
  std::optional<dh_advisor::SessionOptions> advisor;
  /// Sent to the advisor; opaque, never a person's. Empty: made from the case's id.
  std::string plan_key;
  std::string patient_key;
  std::string label;  ///< What the advisor's operators see the plan under; see `PlanStart::label`.
  bool may_record = false;
  GeometryOffer geometry;
  /// Makes what the advisor is told of a dose at the end, so that arms can be compared by outcome and people see the
  /// plan. May be empty.
  std::function<PlanFigures(const std::vector<double>& final_weights)> figures;

  std::uint32_t max_iterations = 500;  ///< Per stage.
  /// Iterations that prepare the start of a descent; absent: the solver's own number for the kind of start. Charged
  /// like any other call.
  std::optional<std::uint32_t> preparation_iterations;
  /// Of the squared dose error beside F, where a given or learned start is prepared. Chosen on training patients,
  /// docs/adr/0023.
  double preparation_dose_error = 0.3;
  /// Shipped dH: a level ends after as many iterations as it has beamlets, where it is a fault of the plan otherwise.
  bool limits_to_beamlets = false;
  bool polish = true;  ///< End with classical iterations at level 0, to the shipped tolerance.
  /// Absent: balanced for `lbfgs` and for shipped `dh`; fast for exact `dh`, whose own plan costs a hundred times what
  /// advice leaves to do.
  /// Whatever it says, a plan that lost its advisor on the way is judged as a strict one (docs/adr/0027).
  std::optional<Quality> quality;
  /// Iterations of its last stage after which the descent from a learned start is interrupted, and goes on only when it
  /// leads; absent: by the plan's size. `max_iterations` or more: it always goes to its end.
  std::optional<std::uint32_t> safeguard_iterations;
  /// Lead in F_ref, relative, with which it goes on: it leads early, and its lead shrinks. Chosen on training patients,
  /// docs/adr/0022.
  double safeguard_lead = 0.01;
  int threads = 0;         ///< 0 = by the plan's size. Never changes a bit of the result.
  std::uint64_t seed = 0;  ///< Reserved for solvers that draw numbers; none does today.
  /// Gain per iteration, relative to F, below which advice to stop is harmless.
  double stop_tolerance = 1e-4;
  /// Share of a value+gradient call that a value call alone costs; absent: 0.5, see docs/objective.md for the
  /// measurement; 1/14 for shipped dH, see docs/dh-fidelity.md.
  std::optional<double> value_call_share;
  /// Evaluate F_ref after every iteration for the trace. Neither charged nor timed, and without effect on the plan.
  bool trace_reference = false;

  /// Empty: the solver's own schedule. The last must be level 0.
  std::vector<StageOptions> stages;
  BoundedLbfgsOptions lbfgs;
  /// Finest level's start in [0, 0.2], length n; empty: the solver's own. Used by the first stage at level 0.
  std::vector<double> initial_weights;
  /// Common start of all beamlets as a fraction of the ceiling, in (0, 1); absent: the solver's own. Keeps the whole
  /// schedule, unlike `initial_weights`, and yields to them.
  std::optional<double> start_fraction;
  /// Gy^2, by level; clamped to the bounds of the stage. Used with `CovarianceMode::kPredicted`.
  std::map<std::uint32_t, std::vector<double>> predicted_variance_gy2;
  /// Histogram sigma at the finest level by structure index; scaled with the stage's sigma elsewhere.
  std::map<std::uint32_t, double> structure_sigma_gy;
};

/// What was counted and timed, of a stage or of the whole plan.
struct RunCounts {
  std::uint32_t iterations = 0;
  std::uint32_t value_calls = 0;     ///< Calls that gave F alone.
  std::uint32_t gradient_calls = 0;  ///< Calls that gave F and its gradient.
  double call_equivalents = 0.0;     ///< gradient_calls + value_call_share * value_calls.
  double objective_ms = 0.0;
  double covariance_ms = 0.0;
  double advice_ms = 0.0;  ///< Features, transfer, waiting and gates.
  double total_ms = 0.0;
};

struct StageResult {
  std::uint32_t level = 0;
  double histogram_sigma_gy = 0.0;
  std::uint32_t beamlet_count = 0;
  std::uint32_t voxel_count = 0;
  bool is_polish = false;
  std::uint32_t preparation_iterations = 0;  ///< Before its own; their calls are in `counts`, their number is not.
  RunCounts counts;
  double objective = 0.0;  ///< F of the stage at its end.
  dh_advisor::StopReason stop_reason = dh_advisor::StopReason::kTolerance;
};

/// One point of the convergence trace, after an iteration.
struct TracePoint {
  double call_equivalents = 0.0;
  double objective = 0.0;
  /// F_ref of the plan that stands: of this iteration, or of the descent before when a safeguard has not yet come below
  /// it. Where F is F_ref, or when `trace_reference` is set.
  std::optional<double> reference_objective;
  double histogram_sigma_gy = 0.0;
  std::uint32_t level = 0;
  std::uint32_t stage = 0;
  std::uint32_t iteration = 0;
  double elapsed_ms = 0.0;
};

/// What became of the advice of one role.
struct RoleResult {
  dh_advisor::Role role = dh_advisor::Role::kInitialization;
  std::uint64_t received = 0;
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  std::map<dh_advisor::Verdict, std::uint64_t> verdicts;
};

struct AdviceResult {
  bool was_asked = false;  ///< A session was opened with a mode other than off.
  std::string session_id;
  dh_advisor::Status status;
  std::vector<dh_advisor::RoleBinding> bindings;
  std::vector<dh_advisor::Role> declined;  ///< Their plugins said that they had nothing for this plan.
  std::uint32_t configuration_generation = 0;
  std::vector<RoleResult> roles;
  std::optional<dh_advisor::SessionCounters> session_counters;
  std::optional<dh_advisor::Provenance> provenance;  ///< What the host said of itself at the end.
};

/// Why a plan was made a second time, without the advice that is judged.
enum class SafeguardReason {
  kStart,   ///< An advised start was taken.
  kStrict,  ///< Advice changed the way of a plan of strict quality.
  kLost,    ///< Advice changed the way, and then the advisor was lost, or a role of it switched off.
};

/// Stable lower-case names, such as `lost`. Thread-safe.
const char* name_of(SafeguardReason reason);

/// The descent that the solver would have made without the advice it took, always to its end. The plan is the better
/// of both by F_ref, and so never worse than without. The descent of L-BFGS from a learned start comes first, is
/// interrupted on the way and goes on only when it leads by then.
struct SafeguardResult {
  SafeguardReason reason = SafeguardReason::kStart;
  std::uint32_t first_stage = 0;     ///< Index of its first stage among the plan's.
  double learned_reference = 0.0;    ///< F_ref where the advised descent ended or was given up.
  double classical_reference = 0.0;  ///< F_ref at the end of this one.
  bool is_taken = false;             ///< The plan is this one's.
  bool is_given_up = false;          ///< The advised descent was not made to its end.
};

/// The plan without any advice, where it was made beside the advised one.
struct UnadvisedResult {
  double reference_objective = 0.0;
  double call_equivalents = 0.0;
  std::vector<double> final_weights;  ///< As those of the plan.
};

struct RunResult {
  dh_advisor::SolverKind solver = dh_advisor::SolverKind::kDh;
  Fidelity fidelity = Fidelity::kExact;
  CovarianceMode covariance = CovarianceMode::kIncremental;
  Quality quality = Quality::kFast;  ///< As asked for, or the solver's own.
  std::vector<StageResult> stages;
  RunCounts total;
  double value_call_share = 0.5;  ///< As asked for, or the fidelity's own.
  /// Call-equivalents, each weighted by the voxels of its level over those of the finest.
  double voxel_weighted_calls = 0.0;
  double cpu_ms = 0.0;  ///< Of the process while the plan was made: all threads, waiting left out.
  /// Why the plan ended before its solver was done, and what to do; empty unless it is so. The plan is what was
  /// reached.
  std::string fault;
  dh_advisor::StopReason stop_reason = dh_advisor::StopReason::kTolerance;
  std::vector<double> final_weights;  ///< In [0, 0.2], length n; exactly 0 for excluded beamlets.
  double objective = 0.0;             ///< F of the last stage, on the run's own sigmas and variance.
  double reference_objective = 0.0;   ///< F_ref: level 0, default sigmas, every variance at its minimum.
  /// Shipped dH's own F of the plan: its finest level, with every variance at its upper bound.
  std::optional<double> own_objective;
  std::vector<TracePoint> trace;
  std::optional<SafeguardResult> safeguard;  ///< Where it ran.
  std::optional<UnadvisedResult> unadvised;
  AdviceResult advice;
};

/// State after an iteration. The pointers are borrowed, valid during the call only.
struct Progress {
  std::uint32_t level = 0;
  std::uint32_t stage = 0;
  std::uint32_t iteration = 0;
  double histogram_sigma_gy = 0.0;
  double objective = 0.0;
  double gradient_norm = 0.0;     ///< Of dF/dw; 0 where there is none.
  double step_length = 0.0;       ///< In the solver's own variables.
  double call_equivalents = 0.0;  ///< Of the plan so far.
  double elapsed_ms = 0.0;
  std::size_t beamlet_count = 0;
  const double* weights = nullptr;
  const double* gradient = nullptr;   ///< dF/dw; null where the solver made none, as shipped dH after a level's last.
  const double* direction = nullptr;  ///< Change of the weights by this iteration.
  const double* variance_gy2 = nullptr;
};

class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  /// Called on the thread that runs the plan. False cancels: the result then holds the weights reached.
  virtual bool on_iteration(const Progress& progress) = 0;
};

/// Hears everything and says nothing.
class SilentSink final : public ProgressSink {
 public:
  bool on_iteration(const Progress&) override { return true; }
};

/// The quality of a run: as asked for, or the solver's own. A second descent of dH costs what advice saves (ADR 0027).
Quality quality_of(const RunOptions& options);

/// Optimizes one plan. Deterministic: the same problem and options give the same bits, whatever the threads. Throws
/// std::invalid_argument with a sentence that says what is wrong and how to fix it; an advisor that fails never
/// throws. Thread-safe for different problems and sinks; one problem may be shared, it is only read.
RunResult run_plan(const PlanProblem& problem, const RunOptions& options, ProgressSink& progress);

/// The same with advice from `source` instead of a session, for programs that carry their own advisor.
RunResult run_plan(const PlanProblem& problem, const RunOptions& options, ProgressSink& progress, AdviceSource& source);

}  // namespace rtmodel
