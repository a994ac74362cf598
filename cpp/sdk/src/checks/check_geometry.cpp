#include <cmath>

#include "checks/check_parts.h"
#include "features/guarded.h"
#include "features/input.h"

namespace dh_advisor {
namespace {

/// A flat start this far from the expected one, either way, is a matrix of another scale.
constexpr double kScaleTolerance = 1.5;
/// Models are trained on matrices whose flat start is this share of the ceiling.
constexpr double kUniformShare = 0.25;

void check_own_input(const GeometryCheckInput& input) {
  check_input(input.features);
  check_beams(input.beams);
  require(beamlet_count(input.beams) == input.features.beamlet_count,
          "features.beamlet_count is not the sum of columns x rows over the beams");
  require(input.structures.size() == input.features.structures.size(),
          "structures must have as many entries as features.structures");
  require(input.weight_ceiling > 0.0 && std::isfinite(input.weight_ceiling),
          "weight_ceiling must be positive and finite");
  require(input.uniform_weight >= 0.0 && std::isfinite(input.uniform_weight),
          "uniform_weight must be finite and not negative");
  for (const double at : input.isocenter_mm) require(std::isfinite(at), "isocenter_mm is not finite");
}

double uniform_weight(const GeometryCheckInput& input) {
  return input.uniform_weight > 0.0 ? input.uniform_weight : kUniformShare * input.weight_ceiling;
}

}  // namespace

void check_scale(const GeometryCheckInput& input, const BeamletFeatures& features, CheckResult& result) {
  double flat = 0.0;
  const Status status = flat_weight(input.structures, features.mean_dose, flat);
  if (!status.ok()) throw InputMistake{status.message};
  const double ratio = uniform_weight(input) / flat;
  result.ratio = ratio;
  if (ratio <= kScaleTolerance && ratio >= 1.0 / kScaleTolerance) return;
  fail(result, CheckFault::kDoseScale, "features.dose",
       "doses are " + factor_in_words(ratio) + " what they should be: a uniform weight of " +
           in_words(uniform_weight(input)) + " must give the highest prescription as mean dose of its target, and " +
           in_words(flat) + " does; scale the matrix, and the weights by the inverse",
       ratio);
}

Status check_geometry(const GeometryCheckInput& input, CheckResult& result) {
  result = {};
  const Status status = guarded("check_geometry", [&] {
    check_own_input(input);
    CheckResult found;
    found.outcome = CheckOutcome::kPassed;
    check_rays(input, found);
    if (found.outcome == CheckOutcome::kPassed) {
      BeamletFeatures features;
      const Status built = build_beamlet_features(input.features, features);
      if (!built.ok()) throw InputMistake{built.message};
      check_scale(input, features, found);
      if (found.outcome == CheckOutcome::kPassed && input.geometry != nullptr)
        check_sent(input, features, uniform_weight(input), found);
    }
    result = std::move(found);
  });
  return status;
}

}  // namespace dh_advisor
