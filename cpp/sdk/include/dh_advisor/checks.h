#pragma once

#include <functional>
#include <string>
#include <vector>

#include "dh_advisor/advice.h"
#include "dh_advisor/features.h"

/// Self-checks of a client, for its first plan: whether what it is about to send means what the contract says. Models
/// can't tell a mirrored column or a gradient of another sign; they only give bad advice then. A client whose check
/// fails should send nothing, and show the finding; `PlanStart::self_checks` tells the host of both.
///
/// Deterministic, and never throw: what can't be checked is kInvalidInput with the field's name, or kFault. Thread-safe
/// as far as the callbacks are.
namespace dh_advisor {

/// What seems wrong; several faults at once give the first one, and all in words.
enum class CheckFault : int {
  kNone = 0,
  kSign = 1,   ///< Points uphill, or down, against the contract.
  kSpace = 2,  ///< dF/dx in place of dF/dw.
  kUnit = 3,   ///< A constant factor, such as 100 for Gy/100 or 10 for cm.
  kNotTheGradient = 4,
  kBeamletOrder = 5,  ///< Columns or rows mirrored or exchanged, beams not slowest.
  kGantry = 6,        ///< Offset, direction of rotation, radians.
  kPitch = 7,         ///< column_width_mm or row_height_mm.
  kIsocenter = 8,
  kDoseScale = 9,  ///< All of the matrix times a factor.
  kFeature = 10,   ///< A tensor or a structure's geometry is another than the doses say.
};

/// Stable lower-case name, such as `beamlet-order`. Thread-safe.
DH_ADVISOR_API const char* name_of(CheckFault fault);

struct CheckResult {
  CheckOutcome outcome = CheckOutcome::kUnclear;
  CheckFault fault = CheckFault::kNone;
  std::string field;    ///< The contract's name, such as `beams[2].gantry_deg`; empty when passed.
  std::string finding;  ///< One sentence: what was measured, and what it looks like.
  double ratio = 1.0;   ///< What the caller said over what was measured, where that is one number; 1 = they agree.
  std::uint32_t value_calls = 0;  ///< Of the objective.
};

/// What of a result a plan start carries: a host refuses a plan whose check failed, with the field's name, unless its
/// configuration lets it pass. Thread-safe.
DH_ADVISOR_API SelfCheck self_check_of(const CheckResult& result);

/// An objective, called with n weights or parameters that are valid during the call.
using ObjectiveFunction = std::function<double(const double* values, std::size_t n)>;

struct GradientCheckInput {
  ObjectiveFunction objective;
  /// What `objective` takes: weights w, or parameters x with w = W / (1 + exp(-s x)).
  DirectionSpace space = DirectionSpace::kWeights;
  const double* weights = nullptr;   ///< Where the gradient was taken, in [0, weight_ceiling]; n.
  const double* gradient = nullptr;  ///< As it would be sent: dF/dw; n.
  std::size_t beamlet_count = 0;     ///< n of the level.
  double weight_ceiling = 0.0;       ///< W.
  double weight_steepness = 0.0;     ///< s.
};

/// Compares the gradient with differences of the objective along it. Passed when they agree within a factor of two,
/// since an objective may hold parts fixed that its gradient leaves out. Catches a wrong sign, dF/dx for dF/dw, and
/// units. Costs 2 values when all is well, at most 6; no step changes a parameter by more than 0.02 / s. Take a point
/// that is no solution yet, best with weights that differ, and the finest level: where an optimizer's coarse levels are
/// approximate, their gradient may not be their objective's.
DH_ADVISOR_API Status check_gradient(const GradientCheckInput& input, CheckResult& result);

struct GeometryCheckInput {
  FeatureInput features;              ///< Doses, grid and voxels of the structures.
  std::vector<Structure> structures;  ///< As in the plan start.
  std::vector<Beam> beams;            ///< As in the plan start.
  Vector3 isocenter_mm{};
  double weight_ceiling = 0.0;
  /// The weight that on all beamlets gives the highest prescription; models are trained at a quarter of the ceiling. 0
  /// = that. Set it to the client's own to check its matrix alone.
  double uniform_weight = 0.0;
  /// What is about to be sent, to be compared with what the builders of `features.h` make; may be null.
  const Geometry* geometry = nullptr;
};

/// Compares where beamlets deposit their dose with where beams and order say that they pass; then the doses' scale with
/// the flat start; then, if given, the geometry with the builders'. Catches mirrored columns and rows, other orders of
/// beamlets, gantry offsets, radians, sizes in cm, a misplaced isocentre, a scaled matrix, Gy/100, and per cm for per
/// mm. Directions come from each beamlet's centre of dose against its ray, so that symmetric patients hide nothing.
/// The contract knows one isocentre, no collimator angle, and a patient who lies head first and supine: give angles and
/// positions as for such a patient. Turns under 10 degrees and sizes wrong by less than 15 % pass. Costs two passes
/// over the dose, a third with `geometry`; memory 112 bytes a beamlet, and the builders'.
DH_ADVISOR_API Status check_geometry(const GeometryCheckInput& input, CheckResult& result);

}  // namespace dh_advisor
