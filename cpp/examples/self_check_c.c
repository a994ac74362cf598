/* self_check.cpp through the C interface: features over a callback, and the self-checks. Needs no host. */
#include <dh_advisor/c_checks.h>
#include <stdio.h>

#include "box_dose.h"

/* The whole influence matrix, beamlet by beamlet. */
static void give_dose(void* context, const dh_advisor_dose_sink* sink) {
  (void)context;
  for (uint32_t beam = 0; beam < BOX_BEAMS; ++beam)
    for (uint32_t column = 0; column < BOX_COLUMNS; ++column)
      for (uint32_t voxel = 0; voxel < BOX_VOXELS; ++voxel)
        dh_advisor_add_dose(sink, beam * BOX_COLUMNS + column, voxel, box_dose(beam, column, voxel));
}

typedef struct {
  double mean_dose[BOX_BEAMLETS];
  double wanted_gy;
} plan;

static double miss_gy(const plan* of, const double* weights) {
  double dose = 0.0;
  for (size_t i = 0; i < BOX_BEAMLETS; ++i) dose += weights[i] * of->mean_dose[i];
  return dose - of->wanted_gy;
}

static double objective(void* context, const double* weights, size_t n) {
  (void)n;
  return miss_gy(context, weights) * miss_gy(context, weights);
}

static int tell(const char* what, int code, const dh_advisor_check_result* result) {
  if (code != DH_ADVISOR_STATUS_OK) {
    printf("%s: %s\n", what, dh_advisor_last_error());
  } else if (result->outcome == DH_ADVISOR_CHECK_PASSED) {
    printf("%s: passed\n", what);
  } else {
    printf("%s: %s: %s\n", what, result->field, result->finding);
  }
  return code != DH_ADVISOR_STATUS_OK || result->outcome != DH_ADVISOR_CHECK_PASSED;
}

int main(void) {
  uint32_t target[BOX_VOXELS];
  const dh_advisor_voxel_span span = {target, box_target(target)};
  const dh_advisor_structure_voxels voxels = {span, span};
  const dh_advisor_voxel_grid grid = {
      {BOX_WIDTH, BOX_WIDTH, 1}, {BOX_VOXEL_MM, BOX_VOXEL_MM, BOX_VOXEL_MM}, {BOX_FIRST_MM, BOX_FIRST_MM, 0.0}};
  dh_advisor_feature_input features = {0};
  features.struct_size = sizeof features;
  features.grid = grid;
  features.beamlet_count = BOX_BEAMLETS;
  features.structures = &voxels;
  features.structure_count = 1;
  features.dose = give_dose;

  /* What goes with the geometry question, see dh_advisor_wants_at_start. */
  plan of = {{0}, 0.0};
  dh_advisor_structure_geometry shape;
  if (dh_advisor_build_beamlet_features(&features, NULL, of.mean_dose, NULL) != DH_ADVISOR_STATUS_OK ||
      dh_advisor_build_structure_geometry(&features, span, 0.05, &shape) != DH_ADVISOR_STATUS_OK) {
    printf("%s\n", dh_advisor_last_error());
    return 1;
  }
  for (size_t i = 0; i < BOX_BEAMLETS; ++i) of.wanted_gy += 0.05 * of.mean_dose[i];
  dh_advisor_structure structure = {0};
  structure.name = "PTV";
  structure.role = DH_ADVISOR_STRUCTURE_TARGET;
  structure.prescribed_dose_gy = of.wanted_gy;
  dh_advisor_geometry sent = {0};
  sent.struct_size = sizeof sent;
  sent.structures = &shape;
  sent.structure_count = 1;

  dh_advisor_geometry_check geometry = {0};
  geometry.struct_size = sizeof geometry;
  geometry.features = &features;
  geometry.structures = &structure;
  geometry.beams = box_beams;
  geometry.beam_count = BOX_BEAMS;
  geometry.weight_ceiling = 0.2;
  geometry.geometry = &sent;
  dh_advisor_check_result result = {0};
  result.struct_size = sizeof result;
  int code = dh_advisor_check_geometry(&geometry, &result);
  int exit_code = tell("geometry", code, &result);

  /* An objective and its gradient: the mean dose of the target, squared distance to the prescription. */
  double weights[BOX_BEAMLETS];
  double gradient[BOX_BEAMLETS];
  for (size_t i = 0; i < BOX_BEAMLETS; ++i) weights[i] = 0.02;
  for (size_t i = 0; i < BOX_BEAMLETS; ++i) gradient[i] = 2.0 * miss_gy(&of, weights) * of.mean_dose[i];
  dh_advisor_gradient_check check = {0};
  check.struct_size = sizeof check;
  check.objective = objective;
  check.objective_context = &of;
  check.weights = weights;
  check.gradient = gradient;
  check.beamlet_count = BOX_BEAMLETS;
  check.weight_ceiling = 0.2;
  check.weight_steepness = 0.5;
  code = dh_advisor_check_gradient(&check, &result);
  exit_code |= tell("gradient", code, &result);
  return exit_code;
}
