// Features over a callback, and the self-checks of a client's first plan. Needs no host.
#include <dh_advisor/checks.h>

#include <iostream>

#include "box_dose.h"

using namespace dh_advisor;

namespace {

/// The whole influence matrix, beamlet by beamlet.
void give_dose(const DoseSink& sink) {
  for (std::uint32_t beam = 0; beam < BOX_BEAMS; ++beam)
    for (std::uint32_t column = 0; column < BOX_COLUMNS; ++column)
      for (std::uint32_t voxel = 0; voxel < BOX_VOXELS; ++voxel)
        sink(beam * BOX_COLUMNS + column, voxel, box_dose(beam, column, voxel));
}

int tell(const char* what, const Status& status, const CheckResult& result) {
  std::cout << what << ": ";
  if (!status.ok()) std::cout << status.message << "\n";
  if (result.outcome == CheckOutcome::kPassed) std::cout << "passed\n";
  if (result.outcome != CheckOutcome::kPassed) std::cout << result.field << ": " << result.finding << "\n";
  return status.ok() && result.outcome == CheckOutcome::kPassed ? 0 : 1;
}

}  // namespace

int main() {
  std::vector<std::uint32_t> target(BOX_VOXELS);
  target.resize(box_target(target.data()));

  GeometryCheckInput geometry;
  geometry.features.grid = {
      {BOX_WIDTH, BOX_WIDTH, 1}, {BOX_VOXEL_MM, BOX_VOXEL_MM, BOX_VOXEL_MM}, {BOX_FIRST_MM, BOX_FIRST_MM, 0.0}};
  geometry.features.beamlet_count = BOX_BEAMLETS;
  geometry.features.structures = {{target, target}};
  geometry.features.dose = give_dose;
  for (const dh_advisor_beam& beam : box_beams)
    geometry.beams.push_back(
        {beam.gantry_deg, beam.couch_deg, beam.columns, beam.rows, beam.column_width_mm, beam.row_height_mm});
  geometry.weight_ceiling = 0.2;

  // What goes with the geometry question, see `Session::wants`.
  BeamletFeatures features;
  Status status = build_beamlet_features(geometry.features, features);
  if (!status.ok()) return std::cout << status.message << "\n", 1;
  Structure structure;
  structure.name = "PTV";
  structure.role = StructureRole::kTarget;
  structure.prescribed_dose_gy = 0.0;
  for (const double dose : features.mean_dose) *structure.prescribed_dose_gy += 0.05 * dose;
  geometry.structures = {structure};
  Geometry sent;
  status = build_structure_geometry(geometry.features, target, 0.05, sent.structures);
  sent.tensors = {{TensorKind::kColumnNorm, features.column_norm.data(), {BOX_BEAMLETS}}};
  geometry.geometry = &sent;
  CheckResult result;
  if (status.ok()) status = check_geometry(geometry, result);
  int exit_code = tell("geometry", status, result);

  // An objective and its gradient: the mean dose of the target, squared distance to the prescription.
  const double wanted = *structure.prescribed_dose_gy;
  std::vector<double> weights(BOX_BEAMLETS, 0.02), gradient(BOX_BEAMLETS);
  const auto miss = [&](const double* w) {
    double dose = 0.0;
    for (std::size_t i = 0; i < BOX_BEAMLETS; ++i) dose += w[i] * features.mean_dose[i];
    return dose - wanted;
  };
  for (std::size_t i = 0; i < BOX_BEAMLETS; ++i) gradient[i] = 2.0 * miss(weights.data()) * features.mean_dose[i];
  GradientCheckInput check;
  check.objective = [&](const double* w, std::size_t) { return miss(w) * miss(w); };
  check.weights = weights.data();
  check.gradient = gradient.data();
  check.beamlet_count = BOX_BEAMLETS;
  check.weight_ceiling = 0.2;
  check.weight_steepness = 0.5;
  result = {};
  status = check_gradient(check, result);
  exit_code |= tell("gradient", status, result);
  return exit_code;
}
