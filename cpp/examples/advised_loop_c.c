/* The loop of advised_loop.cpp through the C interface: the same questions, gates and reports.   advised_loop_c
 * [HOST:PORT] */
#include <dh_advisor/c_api.h>
#include <dh_advisor/c_gates.h>
#include <stdio.h>
#include <string.h>

#include "toy_plan.h"

int main(int argc, char** argv) {
  dh_advisor_session_options options = {0};
  options.struct_size = sizeof options;
  options.address = argc > 1 ? argv[1] : "127.0.0.1:50151";
  options.mode = DH_ADVISOR_MODE_ADVISE;
  const dh_advisor_plan plan = toy_plan();
  dh_advisor_session* session = dh_advisor_open_with(&options, &plan);
  if (session == NULL) return 1;
  if (!dh_advisor_is_live(session)) printf("no advice: %s\n", dh_advisor_status(session));

  double weights[TOY_BEAMLETS] = {0};
  double gradient[TOY_BEAMLETS];
  uint32_t calls = 1;
  double objective = toy_evaluate(weights, gradient);

  dh_advisor_geometry geometry = {0};
  geometry.struct_size = sizeof geometry;
  dh_advisor_geometry_advice schedule = {0}; /* no buffers: this optimizer can use neither of its roles */
  schedule.struct_size = sizeof schedule;
  dh_advisor_ask_geometry(session, &geometry, &schedule);

  double proposed[TOY_BEAMLETS];
  dh_advisor_level_advice level = {0};
  level.initial_weights = proposed;
  const dh_advisor_level_start start = toy_level_zero(objective);
  dh_advisor_ask_level(session, &start, &level);
  if (level.has_initial_weights) {
    double its_gradient[TOY_BEAMLETS];
    const double its_objective = toy_evaluate(proposed, its_gradient);
    ++calls;
    const int verdict = dh_advisor_choose_start(objective, its_objective);
    dh_advisor_report(session, DH_ADVISOR_ROLE_INITIALIZATION, verdict, 0, -1);
    if (verdict == DH_ADVISOR_VERDICT_ACCEPTED) {
      memcpy(weights, proposed, sizeof weights);
      memcpy(gradient, its_gradient, sizeof gradient);
      objective = its_objective;
    }
  }

  dh_advisor_direction_gate* direction_gate = dh_advisor_direction_gate_create();
  dh_advisor_stop_gate* stop_gate = dh_advisor_stop_gate_create();
  uint32_t k = 0;
  for (; k < 200; ++k) {
    const double before = objective;
    for (int i = 0; i < TOY_BEAMLETS; ++i) weights[i] -= 0.002 * gradient[i];
    objective = toy_evaluate(weights, gradient);
    ++calls;

    dh_advisor_tensor tensors[2];
    dh_advisor_iteration iteration = {0};
    iteration.iteration = k;
    iteration.objective = objective;
    iteration.gradient_calls = calls;
    iteration.tensors = tensors;
    if (dh_advisor_wants(session, DH_ADVISOR_TENSOR_GRADIENT, k)) {
      tensors[iteration.tensor_count++] = toy_tensor(DH_ADVISOR_TENSOR_GRADIENT, gradient);
    }
    if (dh_advisor_wants(session, DH_ADVISOR_TENSOR_WEIGHTS, k)) {
      tensors[iteration.tensor_count++] = toy_tensor(DH_ADVISOR_TENSOR_WEIGHTS, weights);
    }
    double direction[TOY_BEAMLETS];
    dh_advisor_iteration_advice advice = {0};
    advice.direction = direction;
    dh_advisor_ask_iteration(session, &iteration, TOY_BEAMLETS, &advice);

    if (advice.direction_space == DH_ADVISOR_SPACE_WEIGHTS) {
      const int verdict =
          dh_advisor_direction_gate_consider(direction_gate, direction, &advice.step_length, gradient, TOY_BEAMLETS);
      dh_advisor_report(session, DH_ADVISOR_ROLE_STEP_DIRECTION, verdict, 0, k);
      /* A real optimizer would now try the step; this one only shows where the direction arrives. */
    }
    const double gain = (before - objective) / objective;
    int verdict = DH_ADVISOR_VERDICT_NONE;
    const int action = dh_advisor_stop_gate_consider(stop_gate, advice.stop_decision, k, gain, 1e-4, NULL, &verdict);
    if (verdict != DH_ADVISOR_VERDICT_NONE) dh_advisor_report(session, DH_ADVISOR_ROLE_EARLY_STOPPING, verdict, 0, k);
    if (action == DH_ADVISOR_ACTION_STOP || gain < 1e-9) break;
  }
  dh_advisor_direction_gate_free(direction_gate);
  dh_advisor_stop_gate_free(stop_gate);

  dh_advisor_level_end end = {0};
  end.struct_size = sizeof end;
  end.stop_reason = DH_ADVISOR_STOP_TOLERANCE;
  end.iterations = k + 1;
  end.gradient_calls = calls;
  end.objective = objective;
  dh_advisor_end_level(session, &end);

  dh_advisor_plan_finish finish = {0};
  finish.struct_size = sizeof finish;
  finish.stop_reason = DH_ADVISOR_STOP_TOLERANCE;
  finish.iterations = k + 1;
  finish.gradient_calls = calls;
  finish.call_equivalents = calls;
  finish.reference_objective = objective;
  dh_advisor_finish_plan(session, &finish);
  dh_advisor_close(session);
  printf("objective %.6f\n", objective);
  return objective < 1.001 ? 0 : 1;
}
