#ifndef DH_ADVISOR_C_TYPES_H_
#define DH_ADVISOR_C_TYPES_H_

#include <stddef.h>
#include <stdint.h>

#include "dh_advisor/c_numbers.h"

/*
 * Structures of the C interface. Doses in Gy, lengths in mm, times in ms.
 *
 * Structures that begin with `struct_size` may grow at their end: set it to `sizeof` of the structure as you compiled
 * it, and zero the rest before you fill it in. A library that is newer than the program then takes the missing fields
 * as zero, and fills in no more than fits.
 */
#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char* address;            /* host:port */
  int mode;                       /* enum dh_advisor_mode */
  uint32_t connect_deadline_ms;   /* 0 = default, 1000 */
  uint32_t start_deadline_ms;     /* 0 = default, 2000 */
  uint32_t iteration_deadline_ms; /* 0 = default, 50 */
} dh_advisor_options;

/* All that a session can be told; zero = the default. */
typedef struct {
  size_t struct_size;
  const char* address;
  int mode; /* enum dh_advisor_mode */
  uint32_t connect_deadline_ms;
  uint32_t start_deadline_ms;
  uint32_t iteration_deadline_ms;
  uint32_t breaker_threshold;
  uint32_t message_limit_bytes;
  double wait_share; /* of the plan's waiting budget, see session.h; negative = no budget */
  uint32_t wait_allowance_ms;
  int uses_http_proxy;
  int uses_tls;                /* 0 = plain text; the rest as in TlsOptions of session.h, PEM texts or paths */
  const char* tls_ca;          /* NULL = the authorities that gRPC finds on this machine */
  const char* tls_certificate; /* NULL = none is shown */
  const char* tls_key;
  const char* tls_server_name; /* NULL = the one in `address` */
  /* Of the plan, which has no room for it: see PlanStart of plan.h. */
  int plan_quality;             /* enum dh_advisor_quality; 0 = not said */
  const char* plan_label;       /* NULL = none */
  const char* plan_solver_name; /* needed with DH_ADVISOR_SOLVER_OTHER */
} dh_advisor_session_options;

typedef struct {
  double dose_gy;
  double volume_fraction;
} dh_advisor_dose_volume_point;

typedef struct {
  const char* name;
  const char* tg263_name;
  int role; /* enum dh_advisor_structure_role */
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

/* What a client's check of its own plan found, see c_checks.h. Texts may be NULL. */
typedef struct {
  int outcome; /* enum dh_advisor_check_outcome */
  const char* field;
  const char* finding;
} dh_advisor_self_check;

typedef struct {
  const char* client;
  const char* plan_key;
  const char* patient_key;
  int solver; /* enum dh_advisor_solver */
  int may_record;
  const dh_advisor_structure* structures;
  size_t structure_count;
  const dh_advisor_beam* beams;
  size_t beam_count;
  double weight_ceiling;
  double weight_steepness;
  const dh_advisor_level_plan* levels; /* finest first */
  size_t level_count;
  const int* accepts; /* enum dh_advisor_role */
  size_t accept_count;
  const int* offers; /* enum dh_advisor_tensor_kind */
  size_t offer_count;
  const dh_advisor_self_check* self_checks; /* a host refuses a plan whose check failed, with the field's name */
  size_t self_check_count;
} dh_advisor_plan;

typedef struct {
  int kind; /* enum dh_advisor_tensor_kind, up to PATH_DENSITY */
  const double* data;
  uint32_t rows;    /* beamlets */
  uint32_t columns; /* structures or 100 for kinds that are tables; 0 or 1 for vectors */
} dh_advisor_tensor;

/* In (z, y, x) order, z slowest: int16 HU (CT) or uint16 bits (mask). */
typedef struct {
  size_t struct_size;
  int kind; /* DH_ADVISOR_TENSOR_CT or DH_ADVISOR_TENSOR_STRUCTURE_MASK */
  const void* data;
  uint32_t shape[3];
  double spacing_mm[3]; /* x, y, z */
} dh_advisor_volume;

typedef struct {
  uint32_t structure;
  double sphericity;
  double dose_gradient_gy_per_mm;
  double target_distance_mm;
} dh_advisor_structure_geometry;

typedef struct {
  size_t struct_size;
  const dh_advisor_structure_geometry* structures;
  size_t structure_count;
  const dh_advisor_tensor* tensors; /* wanted at the start, see dh_advisor_wants_at_start */
  size_t tensor_count;
} dh_advisor_geometry;

typedef struct {
  uint32_t structure;
  double histogram_sigma_gy;
} dh_advisor_structure_sigma;

typedef struct {
  uint32_t level;
  double histogram_sigma_gy;
  uint32_t iteration_limit; /* 0 = the solver's own */
} dh_advisor_stage;

/* Buffers and capacities are the caller's; counts are filled in, 0 = no advice. Advice that does not fit its buffer, or
 * has none, is dropped and reported as not accepted. */
typedef struct {
  size_t struct_size;
  dh_advisor_structure_sigma* structure_sigmas;
  size_t structure_sigma_capacity;
  size_t structure_sigma_count;
  dh_advisor_stage* stages;
  size_t stage_capacity;
  size_t stage_count;
} dh_advisor_geometry_advice;

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

/* Each `has_` is 1 when the buffer or value beside it was filled. Buffers have the length of the level's beamlets, or
 * are NULL: that advice is then dropped, and reported as not accepted. */
typedef struct {
  int has_initial_weights;
  double* initial_weights;
  int has_variance;
  double* variance_gy2;
} dh_advisor_level_advice;

typedef struct {
  int stop_decision; /* enum dh_advisor_stop_decision */
  int has_prediction;
  double predicted_final_objective;
  double predicted_standard_deviation;
  int direction_space; /* enum dh_advisor_direction_space; NONE = no direction */
  double* direction;
  double step_length; /* 0 = none given */
} dh_advisor_iteration_advice;

typedef struct {
  size_t struct_size;
  uint32_t level;
  uint32_t stage;
  int stop_reason; /* enum dh_advisor_stop_reason */
  uint32_t iterations;
  uint32_t value_calls;    /* objective alone */
  uint32_t gradient_calls; /* objective and gradient */
  double objective;
  double elapsed_ms;
} dh_advisor_level_end;

typedef struct {
  uint32_t structure;
  const char* name; /* such as "D95" */
  double value;
  const char* unit; /* "Gy" or "1" */
} dh_advisor_dose_metric;

typedef struct {
  uint32_t structure;
  const dh_advisor_dose_volume_point* points; /* doses ascending, at most 201 */
  size_t point_count;
} dh_advisor_dose_volume_curve;

typedef struct {
  size_t struct_size;
  int stop_reason; /* enum dh_advisor_stop_reason */
  uint32_t iterations;
  uint32_t value_calls;
  uint32_t gradient_calls;
  double call_equivalents; /* gradient calls, and value calls at their measured share: what experiments compare */
  double optimization_ms;
  double reference_objective;
  const dh_advisor_dose_metric* metrics;
  size_t metric_count;
  const double* final_weights; /* of level 0; NULL = not told */
  size_t final_weight_count;
  const dh_advisor_dose_volume_curve* curves; /* for the reports of people; NULL = not told */
  size_t curve_count;
} dh_advisor_plan_finish;

typedef struct {
  size_t struct_size;
  uint64_t questions;
  uint64_t answers;
  uint64_t late;
  uint64_t duplicates;
  uint64_t wrong_frames;
  uint64_t accepted;
  uint64_t refused;
  double waited_ms;
} dh_advisor_counters;

/* Of one role; indexed by enum dh_advisor_verdict and enum dh_advisor_outcome. */
typedef struct {
  size_t struct_size;
  uint64_t verdicts[DH_ADVISOR_VERDICT_ROOM];
  uint64_t outcomes[DH_ADVISOR_OUTCOME_ROOM];
  double host_ms;       /* inside the host, from question to answer, all together */
  double highest_score; /* out of distribution, of any answer; 1 = refused */
} dh_advisor_role_counters;

/* Texts are valid until the session is closed. */
typedef struct {
  size_t struct_size;
  int role; /* enum dh_advisor_role */
  const char* plugin;
  const char* plugin_version;
  const char* model;
  const char* model_sha256;
  const char* arm;
  uint32_t deadline_ms;
  const char* declined; /* why the plugin has nothing for this plan, in words; empty while it may have */
} dh_advisor_binding;

#ifdef __cplusplus
}
#endif

#endif
