#ifndef DH_ADVISOR_C_GATES_H_
#define DH_ADVISOR_C_GATES_H_

#include "dh_advisor/c_types.h"
#include "dh_advisor/export.h"

/*
 * The gates between advice and optimizer (`dh_advisor/gates.h`, whose documentation holds here, too) in C. They return
 * an enum dh_advisor_verdict unless told otherwise. A NULL where something is needed refuses the advice. Not
 * thread-safe.
 */
#ifdef __cplusplus
extern "C" {
#endif

/* Finite and inside [lower, upper]. */
DH_ADVISOR_API int dh_advisor_check_vector(const double* values, size_t n, double lower, double upper);
DH_ADVISOR_API int dh_advisor_check_stages(const dh_advisor_stage* stages, size_t count, uint32_t level_count,
                                           double finest_sigma_gy, double lower_gy, double upper_gy);
DH_ADVISOR_API int dh_advisor_check_structure_sigmas(const dh_advisor_structure_sigma* sigmas, size_t count,
                                                     uint32_t structure_count, double lower_gy, double upper_gy);
DH_ADVISOR_API int dh_advisor_choose_start(double default_objective, double proposed_objective);

/* Judges the directions of one level. NULL without memory, and then refuses. Zero limits: the default, 1e-4, 20 and 3.
 */
typedef struct {
  size_t struct_size;
  double descent;    /* g.d <= -descent |g| |d| */
  double norm_limit; /* longest direction, alone and times its step length */
  int refusals_to_off;
} dh_advisor_direction_limits;
typedef struct dh_advisor_direction_gate dh_advisor_direction_gate;
DH_ADVISOR_API dh_advisor_direction_gate* dh_advisor_direction_gate_create(void);
DH_ADVISOR_API dh_advisor_direction_gate* dh_advisor_direction_gate_create_with(
    const dh_advisor_direction_limits* limits);
DH_ADVISOR_API void dh_advisor_direction_gate_free(dh_advisor_direction_gate* gate);
/* Direction and step length are shortened in place where they are too long. `step_length` NULL or 0: none was given. */
DH_ADVISOR_API int dh_advisor_direction_gate_consider(dh_advisor_direction_gate* gate, double* direction,
                                                      double* step_length, const double* gradient, size_t n);
/* The ordinary line search failed along the advised direction, too. */
DH_ADVISOR_API void dh_advisor_direction_gate_note_failure(dh_advisor_direction_gate* gate);
DH_ADVISOR_API int dh_advisor_direction_gate_is_off(const dh_advisor_direction_gate* gate);
/* Armijo and curvature condition of a trial along an accepted direction. */
DH_ADVISOR_API int dh_advisor_judge_trial(double f0, double slope0, double f, double slope, double step);

enum dh_advisor_stop_action { DH_ADVISOR_ACTION_CONTINUE = 0, DH_ADVISOR_ACTION_CHECK = 1, DH_ADVISOR_ACTION_STOP = 2 };

/* Judges stop advice in one stage. NULL without memory, and then never stops. Zero limits: none, as they say. */
typedef struct {
  size_t struct_size;
  uint32_t iteration_floor; /* no stop before so many iterations of the stage; 5 by default */
  int checking_iterations;  /* classical iterations that must gain less than the tolerance; 3 by default */
} dh_advisor_stop_limits;
typedef struct dh_advisor_stop_gate dh_advisor_stop_gate;
DH_ADVISOR_API dh_advisor_stop_gate* dh_advisor_stop_gate_create(void);
DH_ADVISOR_API dh_advisor_stop_gate* dh_advisor_stop_gate_create_with(const dh_advisor_stop_limits* limits);
DH_ADVISOR_API void dh_advisor_stop_gate_free(dh_advisor_stop_gate* gate);
/* After every iteration, with the advice's enum dh_advisor_stop_decision. Returns an enum dh_advisor_stop_action;
 * `granted` (enum dh_advisor_stop_decision, set with STOP) and `verdict` (enum dh_advisor_verdict, NONE until one is
 * reached) may be NULL. */
DH_ADVISOR_API int dh_advisor_stop_gate_consider(dh_advisor_stop_gate* gate, int stop_decision, uint32_t iteration,
                                                 double relative_gain, double tolerance, int* granted, int* verdict);
/* See StopGate::is_checking. */
DH_ADVISOR_API int dh_advisor_stop_gate_is_checking(const dh_advisor_stop_gate* gate);

#ifdef __cplusplus
}
#endif

#endif
