#ifndef DH_ADVISOR_C_GATES_H_
#define DH_ADVISOR_C_GATES_H_

#include "dh_advisor/c_types.h"

/*
 * The gates between advice and optimizer (`dh_advisor/gates.h`, whose documentation holds here, too) in C. They return
 * an enum dh_advisor_verdict unless told otherwise. A NULL where something is needed refuses the advice. Not
 * thread-safe.
 */
#ifdef __cplusplus
extern "C" {
#endif

/* Finite and inside [lower, upper]. */
int dh_advisor_check_vector(const double* values, size_t n, double lower, double upper);
int dh_advisor_check_stages(const dh_advisor_stage* stages, size_t count, uint32_t level_count, double finest_sigma_gy,
                            double lower_gy, double upper_gy);
int dh_advisor_check_structure_sigmas(const dh_advisor_structure_sigma* sigmas, size_t count, uint32_t structure_count,
                                      double lower_gy, double upper_gy);
int dh_advisor_choose_start(double default_objective, double proposed_objective);

/* Judges the directions of one level. Created with default limits; NULL without memory, and then refuses. */
typedef struct dh_advisor_direction_gate dh_advisor_direction_gate;
dh_advisor_direction_gate* dh_advisor_direction_gate_create(void);
void dh_advisor_direction_gate_free(dh_advisor_direction_gate* gate);
/* Direction and step length are shortened in place where they are too long. `step_length` NULL or 0: none was given. */
int dh_advisor_direction_gate_consider(dh_advisor_direction_gate* gate, double* direction, double* step_length,
                                       const double* gradient, size_t n);
/* The ordinary line search failed along the advised direction, too. */
void dh_advisor_direction_gate_note_failure(dh_advisor_direction_gate* gate);
int dh_advisor_direction_gate_is_off(const dh_advisor_direction_gate* gate);
/* Armijo and curvature condition of a trial along an accepted direction. */
int dh_advisor_judge_trial(double f0, double slope0, double f, double slope, double step);

enum dh_advisor_stop_action { DH_ADVISOR_ACTION_CONTINUE = 0, DH_ADVISOR_ACTION_CHECK = 1, DH_ADVISOR_ACTION_STOP = 2 };

/* Judges stop advice in one stage. Created with default limits; NULL without memory, and then never stops. */
typedef struct dh_advisor_stop_gate dh_advisor_stop_gate;
dh_advisor_stop_gate* dh_advisor_stop_gate_create(void);
void dh_advisor_stop_gate_free(dh_advisor_stop_gate* gate);
/* After every iteration, with the advice's enum dh_advisor_stop_decision. Returns an enum dh_advisor_stop_action;
 * `granted` (enum dh_advisor_stop_decision, set with STOP) and `verdict` (enum dh_advisor_verdict, NONE until one is
 * reached) may be NULL. */
int dh_advisor_stop_gate_consider(dh_advisor_stop_gate* gate, int stop_decision, uint32_t iteration,
                                  double relative_gain, double tolerance, int* granted, int* verdict);
/* See StopGate::is_checking. */
int dh_advisor_stop_gate_is_checking(const dh_advisor_stop_gate* gate);

#ifdef __cplusplus
}
#endif

#endif
