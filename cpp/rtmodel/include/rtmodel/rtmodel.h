#ifndef RTMODEL_RTMODEL_H_
#define RTMODEL_RTMODEL_H_

#include <stddef.h>
#include <stdint.h>

/*
 * C interface of the reference optimizer, for programs in other languages. Research software.
 *
 * Errors: functions return RTMODEL_OK or a code; rtmodel_LastError() then says what is wrong and how to fix it, per
 * thread. Nothing aborts or throws. Functions without a status leave what they fill as it is (and return zeros) when
 * they fail; rtmodel_LastError() then says why, and is "" otherwise. Threads: a problem is only read once it is open
 * and may serve several optimizers and objectives in several threads. One thread at a time uses an optimizer or an
 * objective. rtmodel_Cancel may be called from any thread. Ownership: what a function hands out by pointer belongs to
 * the object and lives as long as it; what it fills belongs to the caller. A problem must outlive its optimizers and
 * objectives. Units: doses Gy, lengths mm, angles degrees (IEC 61217), weights dimensionless in [0, 0.2]. Levels count
 * from 0, the finest. Vectors over beamlets have the order beam, row, column (column fastest), excluded beamlets
 * included. Names follow dH where it has them: SetPredictedAdaptiveVariance, SetStructureSigma.
 */
#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32) && defined(RTMODEL_BUILDING)
#define RTMODEL_API __declspec(dllexport)
#elif defined(_WIN32)
#define RTMODEL_API __declspec(dllimport)
#else
#define RTMODEL_API __attribute__((visibility("default")))
#endif

typedef struct rtmodel_problem rtmodel_problem;
typedef struct rtmodel_optimizer rtmodel_optimizer;
typedef struct rtmodel_objective rtmodel_objective;

enum rtmodel_status {
  RTMODEL_OK = 0,
  RTMODEL_BAD_INPUT = 1, /* a file, name, length or value can't be used */
  RTMODEL_FAULT = 2      /* a fault of the library */
};

/* A sentence on the last failure in this thread; "" when there was none. Valid until the thread's next call. */
RTMODEL_API const char* rtmodel_LastError(void);
/* Such as "0.1.0". */
RTMODEL_API const char* rtmodel_Version(void);

typedef struct {
  double beamlet_mm;             /* spacing at the isocentre plane, in [1, 50]; 0 = 5 */
  double window_mm;              /* half height of the planned slices; negative = the whole target */
  const char* beams;             /* a number, or a YAML or JSON file; NULL = "9" */
  const char* prescription_file; /* NULL = the built-in one */
  int threads;                   /* to build the problem; 0 = all; never changes a result */
  int columns;                   /* of every beam, odd; 0 = as many as cover the targets */
  int keeps_all_beamlets;        /* not 0: beamlets that touch no target are not excluded, as dH has it */
} rtmodel_plan_options;

/* The built-in goals as the YAML of a prescription file, to be edited. Lives as long as the library. */
RTMODEL_API const char* rtmodel_DefaultPrescription(void);

/* The defaults: 5 mm, window 15 mm, 9 beams, built-in prescription, all threads. */
RTMODEL_API rtmodel_plan_options rtmodel_DefaultPlanOptions(void);

/* Reads and checks a case folder and makes the problem. `options` may be NULL. */
RTMODEL_API int rtmodel_OpenProblem(const char* case_folder, const rtmodel_plan_options* options,
                                    rtmodel_problem** problem);
/* NULL is allowed. */
RTMODEL_API void rtmodel_FreeProblem(rtmodel_problem* problem);

typedef struct {
  size_t beamlets; /* n, of level 0 */
  size_t beams;
  size_t columns;
  size_t rows;
  size_t voxels; /* rows of the influence matrix */
  size_t non_zeros;
  size_t structures;
} rtmodel_sizes;

RTMODEL_API rtmodel_sizes rtmodel_GetSizes(const rtmodel_problem* problem);

typedef struct {
  const char* name;
  int role;                  /* 1 target, 2 organ at risk, 3 normal tissue */
  double prescribed_dose_gy; /* negative = none */
  double objective_weight;
  double volume_cc; /* as planned */
  double sphericity;
  double dose_gradient_gy_per_mm;
  double target_distance_mm;
  const int* planned_rows; /* without overlap, ascending */
  size_t planned_row_count;
  const int* contour_rows; /* of the whole contour, ascending */
  size_t contour_row_count;
  const double* prescription; /* wanted cumulative curve: pairs of dose in Gy and volume fraction, doses ascending */
  size_t prescription_point_count;
} rtmodel_structure;

RTMODEL_API int rtmodel_GetStructure(const rtmodel_problem* problem, size_t index, rtmodel_structure* structure);

/* The influence matrix in compressed rows, Gy per unit weight: voxels + 1 starts, then non_zeros columns and values. */
RTMODEL_API void rtmodel_GetInfluence(const rtmodel_problem* problem, const int** starts, const int** columns,
                                      const float** values);
/* n bytes: 1 = touches no target, weight always 0. */
RTMODEL_API void rtmodel_GetExcluded(const rtmodel_problem* problem, uint8_t* excluded);
/* Position of every voxel's centre, LPS mm: 3 * voxels doubles. */
RTMODEL_API void rtmodel_GetVoxelPositions(const rtmodel_problem* problem, double* positions_mm);
/* n x structures doubles each, row-major: mean and maximum dose per unit weight in every structure as planned. */
RTMODEL_API void rtmodel_GetStructureDoses(const rtmodel_problem* problem, double* mean_gy, double* maximum_gy);
/* n x 100 doubles, row-major: relative electron densities from 250 mm before to 250 mm behind the isocentre plane. */
RTMODEL_API void rtmodel_GetPathDensities(const rtmodel_problem* problem, double* densities);
/* Dose in Gy of every voxel for n weights. */
RTMODEL_API int rtmodel_ComputeDose(const rtmodel_problem* problem, const double* weights, size_t n, double* dose_gy);

/* The objective F of a level, apart from any run: the one that an optimizer minimises there. `threads` 0 =
 * as many as its size is worth. */
RTMODEL_API int rtmodel_CreateObjective(const rtmodel_problem* problem, uint32_t level, int threads,
                                        rtmodel_objective** objective);
/* NULL is allowed. */
RTMODEL_API void rtmodel_FreeObjective(rtmodel_objective* objective);
/* n of the objective's level. */
RTMODEL_API size_t rtmodel_GetObjectiveSize(const rtmodel_objective* objective);
/* Histogram sigma in (0, 200] Gy, of all structures; puts every variance at its lower bound, 0.25 sigma^2. A new
 * objective has the level's default sigma. */
RTMODEL_API int rtmodel_SetObjectiveSigma(rtmodel_objective* objective, double sigma_gy);
/* Adaptive variance by beamlet in Gy^2, clamped to [0.25, 1.5] sigma^2. */
RTMODEL_API int rtmodel_SetObjectiveVariance(rtmodel_objective* objective, const double* variance_gy2, size_t n);
/* F at n weights in [0, 0.2], and its gradient by the weights (n doubles; NULL = not wanted). */
RTMODEL_API int rtmodel_Evaluate(rtmodel_objective* objective, const double* weights, size_t n, double* value,
                                 double* gradient);

enum rtmodel_solver { RTMODEL_SOLVER_DH = 1, RTMODEL_SOLVER_LBFGS = 2 };
enum rtmodel_covariance {
  RTMODEL_COVARIANCE_FULL = 0,
  RTMODEL_COVARIANCE_INCREMENTAL = 1,
  RTMODEL_COVARIANCE_PREDICTED = 2,
  RTMODEL_COVARIANCE_FIXED = 3
};

RTMODEL_API int rtmodel_CreateOptimizer(const rtmodel_problem* problem, int solver, int covariance,
                                        rtmodel_optimizer** optimizer);
/* NULL is allowed. */
RTMODEL_API void rtmodel_FreeOptimizer(rtmodel_optimizer* optimizer);

/* Start of the first stage at level 0: n weights in [0, 0.2]. */
RTMODEL_API int rtmodel_SetInitialWeights(rtmodel_optimizer* optimizer, const double* weights, size_t n);
/* Adaptive variance of a level in Gy^2, of the level's length, clamped to its bounds; with
 * RTMODEL_COVARIANCE_PREDICTED. */
RTMODEL_API int rtmodel_SetPredictedAdaptiveVariance(rtmodel_optimizer* optimizer, uint32_t level,
                                                     const double* variance_gy2, size_t n);
/* Histogram sigma of a structure at the finest level, in (0, 200] Gy; scaled with the stage's sigma elsewhere. */
RTMODEL_API int rtmodel_SetStructureSigma(rtmodel_optimizer* optimizer, const char* structure, double sigma_gy);

typedef struct {
  uint32_t level; /* 0 = finest, at most 3 */
  double histogram_sigma_gy;
  uint32_t iteration_limit; /* 0 = max_iterations */
  double tolerance;         /* relative change of F; 0 = the solver's own */
} rtmodel_stage;

/* Replaces the solver's schedule; the last stage must be level 0. None = the solver's own again. */
RTMODEL_API int rtmodel_SetStages(rtmodel_optimizer* optimizer, const rtmodel_stage* stages, size_t count);

typedef struct {
  uint32_t max_iterations;       /* a stage; 0 = 500 */
  int no_polish;                 /* 1: do not end with classical iterations at level 0 */
  int trace_reference;           /* 1: evaluate F_ref after every iteration, uncharged */
  int threads;                   /* 0 = as many as the plan's size is worth; never changes a result */
  int no_safeguard;              /* 1: lbfgs does not make the descent without a learned start beside that from one */
  int preparation_iterations;    /* that prepare the start; 0 = the solver's own number, negative = none */
  uint32_t safeguard_iterations; /* after which a learned start's descent is given up unless it leads; 0 = the
                                    solver's own number, max_iterations or more: never */
} rtmodel_run_options;

RTMODEL_API int rtmodel_SetRunOptions(rtmodel_optimizer* optimizer, const rtmodel_run_options* options);

/* Asks the advisor at `address` (host:port). mode: 0 off, 1 shadow, 2 advise. Deadlines in ms, 0 = default (2000, 50).
 */
RTMODEL_API int rtmodel_SetAdvisor(rtmodel_optimizer* optimizer, const char* address, int mode,
                                   uint32_t start_deadline_ms, uint32_t iteration_deadline_ms);

typedef struct {
  uint32_t level;
  uint32_t stage;
  uint32_t iteration;
  double histogram_sigma_gy;
  double objective;
  double gradient_norm;
  double call_equivalents;
  size_t beamlet_count;    /* of the level */
  const double* weights;   /* these four: of the level, valid during the call; may be NULL */
  const double* gradient;  /* dF/dw */
  const double* direction; /* last change of the weights */
  const double* variance_gy2;
} rtmodel_progress;

/* After every iteration, in the thread that optimizes. 0 ends the run with the weights reached. Must not throw. */
typedef int (*rtmodel_callback)(const rtmodel_progress* progress, void* user);

/* Runs the plan. `callback` may be NULL. */
RTMODEL_API int rtmodel_Optimize(rtmodel_optimizer* optimizer, rtmodel_callback callback, void* user);
/* Ends a running rtmodel_Optimize at its next iteration; before one has begun, the next one at its first. A run that
 * ends forgets it. From any thread. */
RTMODEL_API void rtmodel_Cancel(rtmodel_optimizer* optimizer);

/* After rtmodel_Optimize: n weights. */
RTMODEL_API int rtmodel_GetWeights(const rtmodel_optimizer* optimizer, double* weights, size_t n);
/* After rtmodel_Optimize: the result as docs/result-format.md describes it, JSON in UTF-8. Valid until the next run. */
RTMODEL_API int rtmodel_GetResult(const rtmodel_optimizer* optimizer, const char** json);

#ifdef __cplusplus
}
#endif

#endif /* RTMODEL_RTMODEL_H_ */
