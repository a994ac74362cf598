#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dh_advisor/export.h"

/// What an optimizer says about its plan. Plain values; the wire contract in `proto/dh/advisor/v1` says more of each
/// field. Levels count from 0, the finest, everywhere. Vectors over beamlets have the order beam, row, column (column
/// fastest).
namespace dh_advisor {

enum class Role : int {
  kInitialization = 1,
  kHistogramSigma = 2,
  kPyramidSigma = 3,
  kAdaptiveVariance = 4,
  kStepDirection = 5,
  kEarlyStopping = 6,
};

enum class StructureRole : int { kTarget = 1, kOrganAtRisk = 2, kNormalTissue = 3 };

enum class TensorKind : int {
  kGradient = 1,           ///< dF/dw, length n.
  kWeights = 2,            ///< w in [0, weight_ceiling], length n.
  kDirection = 3,          ///< Change of w by the last step, length n.
  kVariance = 4,           ///< Adaptive variance in Gy^2, length n.
  kColumnNorm = 5,         ///< Norm of each influence column, Gy per unit weight, length n.
  kStructureMeanDose = 6,  ///< Gy per unit weight, n x structures, row-major.
  kStructureMaxDose = 7,   ///< Gy per unit weight, n x structures, row-major.
  kPathDensity = 8,        ///< Relative electron density, n x 100, row-major.
  kCt = 9,                 ///< HU, int16, (z, y, x).
  kStructureMask = 10,     ///< Bit mask, uint16, (z, y, x).
};

enum class SolverKind : int {
  kDh = 1,
  kLbfgs = 2,
  kOther = 3,  ///< Any other; `PlanStart::solver_name` says which.
};

enum class StopReason : int {
  kTolerance = 1,
  kIterationLimit = 2,
  kAdvice = 3,
  kZeroGradient = 4,
  kLineSearch = 5,
  kCancelled = 6,
  kSafeguard = 7,  ///< A descent from a learned start, interrupted to be compared with the one without.
};

/// What advice may do to a plan, compared with the same plan made without. The client keeps the promise; hosts may ask
/// more carefully where less may be lost.
enum class Quality : int {
  kStrict = 1,    ///< No advice makes the plan worse in F_ref: the plan without is made as well, the better is kept.
  kBalanced = 2,  ///< At most 0.5 % in the median of plans, 2 % at worst.
  kFast = 3,      ///< Every piece of advice passes its gate, no more.
};

/// `volume_fraction` in [0, 1] of the structure is to receive at least `dose_gy`.
struct DoseVolumePoint {
  double dose_gy = 0.0;
  double volume_fraction = 0.0;
};

struct Structure {
  std::string name;
  std::string tg263_name;
  StructureRole role = StructureRole::kOrganAtRisk;
  double volume_cc = 0.0;
  std::uint32_t voxel_count = 0;
  double objective_weight = 0.0;
  std::vector<DoseVolumePoint> prescription;
  std::optional<double> prescribed_dose_gy;
  std::uint32_t bit = 0;
};

struct Beam {
  double gantry_deg = 0.0;
  double couch_deg = 0.0;
  std::uint32_t columns = 0;
  std::uint32_t rows = 0;
  double column_width_mm = 0.0;
  double row_height_mm = 0.0;
};

struct LevelPlan {
  std::uint32_t level = 0;
  std::uint32_t beamlet_count = 0;
  double histogram_sigma_gy = 0.0;
  double variance_lower_gy2 = 0.0;
  double variance_upper_gy2 = 0.0;
  std::uint32_t iteration_limit = 0;
  double tolerance = 0.0;
};

enum class CheckOutcome : int {
  kPassed = 0,
  kUnclear = 1,  ///< Nothing can be told here, such as at a stationary point; try at another point.
  kFailed = 2,
};

/// What a client's check of its own plan found, see `checks.h`.
struct SelfCheck {
  CheckOutcome outcome = CheckOutcome::kUnclear;
  std::string field;    ///< The contract's name of what is wrong, such as `beams[2].gantry_deg`; empty when passed.
  std::string finding;  ///< One sentence for people.
};

/// Opens a session. `accepts` are the roles this optimizer can use, `offers` the tensors it can send.
struct PlanStart {
  std::string client;
  std::string plan_key;
  std::string patient_key;
  SolverKind solver = SolverKind::kDh;
  bool may_record = false;
  std::vector<Structure> structures;
  std::vector<Beam> beams;
  double weight_ceiling = 0.0;
  double weight_steepness = 0.0;
  std::vector<LevelPlan> levels;
  std::vector<Role> accepts;
  std::vector<TensorKind> offers;
  std::vector<SelfCheck> self_checks;  ///< Empty when the client did not check itself.
  std::string solver_name;             ///< For people and records; not empty with `SolverKind::kOther`.
  std::optional<Quality> quality;      ///< Absent: hosts take it for balanced.
  /// What operators see the plan under, at most 64 bytes; empty when nobody agreed to show one. Never a person's name,
  /// number or date.
  std::string label;
};

/// Borrowed doubles, row-major; must outlive the call they are passed to.
struct TensorView {
  TensorKind kind = TensorKind::kGradient;
  const double* data = nullptr;
  std::vector<std::uint32_t> shape;
};

/// A borrowed volume in (z, y, x) order; `bytes` little-endian int16 (CT) or uint16 (mask).
struct VolumeView {
  TensorKind kind = TensorKind::kCt;
  const void* data = nullptr;
  std::uint32_t shape[3] = {0, 0, 0};
  double spacing_mm[3] = {0.0, 0.0, 0.0};
};

struct StructureGeometry {
  std::uint32_t structure = 0;
  double sphericity = 1.0;
  double dose_gradient_gy_per_mm = 0.0;
  double target_distance_mm = 0.0;
};

struct Geometry {
  std::vector<StructureGeometry> structures;
  std::vector<TensorView> tensors;
};

struct LevelStart {
  std::uint32_t level = 0;
  std::uint32_t stage = 0;
  std::uint32_t beamlet_count = 0;
  double histogram_sigma_gy = 0.0;
  double variance_lower_gy2 = 0.0;
  double variance_upper_gy2 = 0.0;
  double objective = 0.0;
  std::vector<TensorView> tensors;
};

struct Iteration {
  std::uint32_t level = 0;
  std::uint32_t stage = 0;
  std::uint32_t iteration = 0;
  double objective = 0.0;
  double gradient_norm = 0.0;
  double step_length = 0.0;
  std::uint32_t value_calls = 0;
  std::uint32_t gradient_calls = 0;
  double elapsed_ms = 0.0;
  std::vector<TensorView> tensors;
};

struct LevelEnd {
  std::uint32_t level = 0;
  std::uint32_t stage = 0;
  StopReason stop_reason = StopReason::kTolerance;
  std::uint32_t iterations = 0;
  std::uint32_t value_calls = 0;
  std::uint32_t gradient_calls = 0;
  double objective = 0.0;
  double elapsed_ms = 0.0;
};

struct DoseMetric {
  std::uint32_t structure = 0;
  std::string name;
  double value = 0.0;
  std::string unit;
};

/// Cumulative dose-volume histogram of one structure.
struct DoseVolumeCurve {
  std::uint32_t structure = 0;          ///< Index into `PlanStart::structures`.
  std::vector<DoseVolumePoint> points;  ///< Doses ascending; at most 201.
};

enum class Plane : int {
  kAxial = 1,     ///< Rows run from anterior to posterior, columns from the patient's right to left.
  kCoronal = 2,   ///< Rows run from superior to inferior, columns from right to left.
  kSagittal = 3,  ///< Rows run from superior to inferior, columns from anterior to posterior.
};

/// The dose in one plane through the isocentre.
struct DoseSlice {
  Plane plane = Plane::kAxial;
  std::uint32_t rows = 0;  ///< At most 256, as `columns`.
  std::uint32_t columns = 0;
  std::vector<float> dose_gy;  ///< rows x columns, row-major.
  double row_spacing_mm = 0.0;
  double column_spacing_mm = 0.0;
};

/// The same plan made without advice.
struct UnadvisedPlan {
  double reference_objective = 0.0;
  double call_equivalents = 0.0;
  std::vector<DoseMetric> metrics;
  std::vector<DoseVolumeCurve> curves;
};

struct PlanFinish {
  StopReason stop_reason = StopReason::kTolerance;
  std::uint32_t iterations = 0;
  std::uint32_t value_calls = 0;
  std::uint32_t gradient_calls = 0;
  double call_equivalents = 0.0;
  double optimization_ms = 0.0;
  double reference_objective = 0.0;
  std::vector<DoseMetric> metrics;
  std::vector<double> final_weights;
  /// For the reports of people; may be empty.
  std::vector<DoseVolumeCurve> curves;
  std::vector<DoseSlice> slices;           ///< At most one a plane.
  std::optional<UnadvisedPlan> unadvised;  ///< Where it was made as well.
};

/// Stable lower-case names, such as `early-stopping`, `target`, `iteration-limit`. Thread-safe.
DH_ADVISOR_API const char* name_of(Role role);
DH_ADVISOR_API const char* name_of(StopReason reason);
DH_ADVISOR_API const char* name_of(Quality quality);

}  // namespace dh_advisor
