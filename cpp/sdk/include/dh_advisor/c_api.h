#ifndef DH_ADVISOR_C_API_H_
#define DH_ADVISOR_C_API_H_

#include <stddef.h>
#include <stdint.h>

/*
 * C interface of the client library: the same session as `dh_advisor/session.h`, whose documentation holds here, too.
 *
 * Ownership: pointers passed in are borrowed for the call; vectors handed out are copied into the caller's buffers of
 * length n. Numbers of roles, tensors, stop reasons, decisions and verdicts are those of the C++ enums and of the proto
 * contract. One thread uses a session; different sessions are independent. No call aborts, throws or outlives its
 * deadline.
 */
#ifdef __cplusplus
extern "C" {
#endif

typedef struct dh_advisor_session dh_advisor_session;

typedef struct {
  const char* address;            /* host:port */
  int mode;                       /* 0 off, 1 shadow, 2 advise */
  uint32_t connect_deadline_ms;   /* 0 = default, 1000 */
  uint32_t start_deadline_ms;     /* 0 = default, 2000 */
  uint32_t iteration_deadline_ms; /* 0 = default, 50 */
} dh_advisor_options;

typedef struct {
  double dose_gy;
  double volume_fraction;
} dh_advisor_dose_volume_point;

typedef struct {
  const char* name;
  const char* tg263_name;
  int role; /* 1 target, 2 organ at risk, 3 normal tissue */
  double volume_cc;
  uint32_t voxel_count;
  double objective_weight;
  const dh_advisor_dose_volume_point* prescription;
  size_t prescription_count;
  double prescribed_dose_gy; /* negative = none */
  uint32_t bit;
} dh_advisor_structure;

typedef struct {
  double gantry_deg;
  double couch_deg;
  uint32_t columns;
  uint32_t rows;
  double column_width_mm;
  double row_height_mm;
} dh_advisor_beam;

typedef struct {
  uint32_t beamlet_count;
  double histogram_sigma_gy;
  double variance_lower_gy2;
  double variance_upper_gy2;
  uint32_t iteration_limit;
  double tolerance;
} dh_advisor_level_plan;

typedef struct {
  const char* client;
  const char* plan_key;
  const char* patient_key;
  int solver; /* 1 dH, 2 L-BFGS */
  int may_record;
  const dh_advisor_structure* structures;
  size_t structure_count;
  const dh_advisor_beam* beams;
  size_t beam_count;
  double weight_ceiling;
  double weight_steepness;
  const dh_advisor_level_plan* levels; /* finest first */
  size_t level_count;
  const int* accepts;
  size_t accept_count;
  const int* offers;
  size_t offer_count;
} dh_advisor_plan;

typedef struct {
  int kind;
  const double* data;
  uint32_t rows;
  uint32_t columns; /* 0 or 1 = a vector of length `rows` */
} dh_advisor_tensor;

typedef struct {
  uint32_t level;
  uint32_t stage;
  uint32_t beamlet_count;
  double histogram_sigma_gy;
  double variance_lower_gy2;
  double variance_upper_gy2;
  double objective;
  const dh_advisor_tensor* tensors;
  size_t tensor_count;
} dh_advisor_level_start;

typedef struct {
  uint32_t level;
  uint32_t stage;
  uint32_t iteration;
  double objective;
  double gradient_norm;
  double step_length;
  uint32_t value_calls;
  uint32_t gradient_calls;
  double elapsed_ms;
  const dh_advisor_tensor* tensors;
  size_t tensor_count;
} dh_advisor_iteration;

/* Each `has_` is 1 when the buffer or value beside it was filled. Buffers may be NULL: that advice is then dropped. */
typedef struct {
  int has_initial_weights;
  double* initial_weights;
  int has_variance;
  double* variance_gy2;
} dh_advisor_level_advice;

typedef struct {
  int stop_decision; /* 0 none, 1 continue, 2 stop level, 3 stop all */
  int has_prediction;
  double predicted_final_objective;
  double predicted_standard_deviation;
  int direction_space; /* 0 none, 1 weights, 2 parameters */
  double* direction;
  double step_length; /* 0 = none given */
} dh_advisor_iteration_advice;

/* Never NULL unless memory is exhausted. Without a host the session is silent: every question is answered "no advice".
 */
dh_advisor_session* dh_advisor_open(const dh_advisor_options* options, const dh_advisor_plan* plan);
void dh_advisor_close(dh_advisor_session* session);

int dh_advisor_is_live(const dh_advisor_session* session);
/* Why the session is silent; empty while it is well. Valid until the next call on the session. */
const char* dh_advisor_status(const dh_advisor_session* session);
int dh_advisor_wants(const dh_advisor_session* session, int tensor_kind, uint32_t iteration);

void dh_advisor_ask_level(dh_advisor_session* session, const dh_advisor_level_start* start,
                          dh_advisor_level_advice* advice);
void dh_advisor_ask_iteration(dh_advisor_session* session, const dh_advisor_iteration* iteration, size_t beamlet_count,
                              dh_advisor_iteration_advice* advice);
/* `dh_advisor_ask_iteration` in two: an optimizer that computes its next iteration in between need not wait. Stop
 * advice does not come too late by that, direction advice does. Tensors are copied. Whatever is asked or told next
 * drops an answer that nobody took. */
void dh_advisor_post_iteration(dh_advisor_session* session, const dh_advisor_iteration* iteration);
void dh_advisor_take_iteration(dh_advisor_session* session, size_t beamlet_count, dh_advisor_iteration_advice* advice);
void dh_advisor_report(dh_advisor_session* session, int role, int verdict, uint32_t level,
                       int64_t iteration_or_negative);
void dh_advisor_tell_level_end(dh_advisor_session* session, uint32_t level, uint32_t stage, int stop_reason,
                               uint32_t iterations, double objective);
void dh_advisor_finish(dh_advisor_session* session, int stop_reason, uint32_t iterations, double reference_objective);

#ifdef __cplusplus
}
#endif

#endif
