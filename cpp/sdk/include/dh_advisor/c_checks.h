#ifndef DH_ADVISOR_C_CHECKS_H_
#define DH_ADVISOR_C_CHECKS_H_

#include "dh_advisor/c_features.h"

/*
 * Self-checks of a client in C: `dh_advisor/checks.h`, whose documentation holds here, too. They return an enum
 * dh_advisor_status_number: other than OK, nothing was checked, and dh_advisor_last_error says why. Callbacks run in
 * the calling thread and must not throw.
 */
#ifdef __cplusplus
extern "C" {
#endif

enum dh_advisor_check_outcome {
  DH_ADVISOR_CHECK_PASSED = 0,
  DH_ADVISOR_CHECK_UNCLEAR = 1,
  DH_ADVISOR_CHECK_FAILED = 2
};

enum dh_advisor_check_fault {
  DH_ADVISOR_FAULT_NONE = 0,
  DH_ADVISOR_FAULT_SIGN = 1,
  DH_ADVISOR_FAULT_SPACE = 2,
  DH_ADVISOR_FAULT_UNIT = 3,
  DH_ADVISOR_FAULT_NOT_THE_GRADIENT = 4,
  DH_ADVISOR_FAULT_BEAMLET_ORDER = 5,
  DH_ADVISOR_FAULT_GANTRY = 6,
  DH_ADVISOR_FAULT_PITCH = 7,
  DH_ADVISOR_FAULT_ISOCENTER = 8,
  DH_ADVISOR_FAULT_DOSE_SCALE = 9,
  DH_ADVISOR_FAULT_FEATURE = 10
};
/* Such as "beamlet-order". */
DH_ADVISOR_API const char* dh_advisor_fault_name(int fault);

/* Texts are cut where they do not fit, between characters. */
typedef struct {
  size_t struct_size;
  int outcome; /* enum dh_advisor_check_outcome */
  int fault;   /* enum dh_advisor_check_fault */
  double ratio;
  uint32_t value_calls;
  char field[128];
  char finding[640];
} dh_advisor_check_result;

/* n weights, or parameters, that are valid during the call. */
typedef double (*dh_advisor_objective)(void* context, const double* values, size_t n);

typedef struct {
  size_t struct_size;
  dh_advisor_objective objective;
  void* objective_context;
  int space; /* enum dh_advisor_direction_space: what the objective takes; NONE = weights */
  const double* weights;
  const double* gradient; /* as it would be sent: dF/dw */
  size_t beamlet_count;
  double weight_ceiling;
  double weight_steepness;
} dh_advisor_gradient_check;

DH_ADVISOR_API int dh_advisor_check_gradient(const dh_advisor_gradient_check* check, dh_advisor_check_result* result);

typedef struct {
  size_t struct_size;
  const dh_advisor_feature_input* features;
  const dh_advisor_structure* structures; /* as many as in `features` */
  const dh_advisor_beam* beams;
  size_t beam_count;
  double isocenter_mm[3];
  double weight_ceiling;
  double uniform_weight;                   /* 0 = a quarter of the ceiling */
  const dh_advisor_geometry* geometry;     /* what is about to be sent; may be NULL */
  const dh_advisor_resampling* resampling; /* when `beams` are the model's and `features` the client's; may be NULL */
} dh_advisor_geometry_check;

DH_ADVISOR_API int dh_advisor_check_geometry(const dh_advisor_geometry_check* check, dh_advisor_check_result* result);

#ifdef __cplusplus
}
#endif

#endif
