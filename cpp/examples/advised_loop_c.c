/* The loop of advised_loop.cpp through the C interface.   advised_loop_c [HOST:PORT] */
#include <dh_advisor/c_api.h>
#include <stdio.h>

#define BEAMLETS 4

static double evaluate(const double* w, double* gradient) {
  const double best[BEAMLETS] = {0.02, 0.06, 0.10, 0.14};
  double objective = 1.0;
  for (int i = 0; i < BEAMLETS; ++i) {
    gradient[i] = 100.0 * (w[i] - best[i]);
    objective += 50.0 * (w[i] - best[i]) * (w[i] - best[i]);
  }
  return objective;
}

int main(int argc, char** argv) {
  const dh_advisor_dose_volume_point wanted[] = {{70.0, 1.0}, {72.1, 0.0}};
  const dh_advisor_structure target = {"PTV70", "PTV_7000", 1, 100.0, 800, 30.0, wanted, 2, 70.0, 0};
  const dh_advisor_beam beam = {0.0, 0.0, BEAMLETS, 1, 5.0, 30.0};
  const dh_advisor_level_plan level = {BEAMLETS, 2.5, 1.5625, 9.375, 500, 1e-6};
  const int accepts[] = {1, 6};
  dh_advisor_plan plan = {0};
  plan.client = "c example 1.0";
  plan.plan_key = "c-example-plan";
  plan.solver = 1;
  plan.structures = &target;
  plan.structure_count = 1;
  plan.beams = &beam;
  plan.beam_count = 1;
  plan.weight_ceiling = 0.2;
  plan.weight_steepness = 0.5;
  plan.levels = &level;
  plan.level_count = 1;
  plan.accepts = accepts;
  plan.accept_count = 2;
  const dh_advisor_options options = {argc > 1 ? argv[1] : "127.0.0.1:50151", 2, 0, 0, 0};
  dh_advisor_session* session = dh_advisor_open(&options, &plan);
  if (session == NULL) return 1;
  if (!dh_advisor_is_live(session)) printf("no advice: %s\n", dh_advisor_status(session));

  double weights[BEAMLETS] = {0};
  double gradient[BEAMLETS];
  double objective = evaluate(weights, gradient);
  for (uint32_t k = 0; k < 100; ++k) {
    for (int i = 0; i < BEAMLETS; ++i) weights[i] -= 0.002 * gradient[i];
    objective = evaluate(weights, gradient);
  }
  dh_advisor_finish(session, 1, 100, objective);
  dh_advisor_close(session);
  printf("objective %.6f\n", objective);
  return objective < 1.001 ? 0 : 1;
}
