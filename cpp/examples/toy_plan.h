#ifndef TOY_PLAN_H_
#define TOY_PLAN_H_

#include <dh_advisor/c_api.h>

/* The plan of toy_problem.h for C: four beamlets, one target, a convex objective of the weights. */
#define TOY_BEAMLETS 4

static double toy_evaluate(const double* w, double* gradient) {
  const double best[TOY_BEAMLETS] = {0.02, 0.06, 0.10, 0.14};
  double objective = 1.0;
  for (int i = 0; i < TOY_BEAMLETS; ++i) {
    gradient[i] = 100.0 * (w[i] - best[i]);
    objective += 50.0 * (w[i] - best[i]) * (w[i] - best[i]);
  }
  return objective;
}

static dh_advisor_plan toy_plan(void) {
  static const dh_advisor_dose_volume_point wanted[] = {{70.0, 1.0}, {72.1, 0.0}};
  static const dh_advisor_structure target = {
      "PTV70", "PTV_7000", DH_ADVISOR_STRUCTURE_TARGET, 100.0, 800, 30.0, wanted, 2, 70.0, 0};
  static const dh_advisor_beam beam = {0.0, 0.0, TOY_BEAMLETS, 1, 5.0, 30.0};
  static const dh_advisor_level_plan level = {TOY_BEAMLETS, 2.5, 1.5625, 9.375, 500, 1e-6};
  static const int accepts[] = {DH_ADVISOR_ROLE_INITIALIZATION, DH_ADVISOR_ROLE_STEP_DIRECTION,
                                DH_ADVISOR_ROLE_EARLY_STOPPING};
  static const int offers[] = {DH_ADVISOR_TENSOR_GRADIENT, DH_ADVISOR_TENSOR_WEIGHTS};
  dh_advisor_plan plan = {0};
  plan.client = "c example 1.0";
  plan.plan_key = "c-example-plan";
  plan.solver = DH_ADVISOR_SOLVER_DH;
  plan.structures = &target;
  plan.structure_count = 1;
  plan.beams = &beam;
  plan.beam_count = 1;
  plan.weight_ceiling = 0.2;
  plan.weight_steepness = 0.5;
  plan.levels = &level;
  plan.level_count = 1;
  plan.accepts = accepts;
  plan.accept_count = sizeof accepts / sizeof accepts[0];
  plan.offers = offers;
  plan.offer_count = sizeof offers / sizeof offers[0];
  return plan;
}

static dh_advisor_level_start toy_level_zero(double objective) {
  dh_advisor_level_start start = {0};
  start.beamlet_count = TOY_BEAMLETS;
  start.histogram_sigma_gy = 2.5;
  start.variance_lower_gy2 = 1.5625;
  start.variance_upper_gy2 = 9.375;
  start.objective = objective;
  return start;
}

static dh_advisor_tensor toy_tensor(int kind, const double* values) {
  dh_advisor_tensor tensor = {0};
  tensor.kind = kind;
  tensor.data = values;
  tensor.rows = TOY_BEAMLETS;
  return tensor;
}

#endif
