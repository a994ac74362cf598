#ifndef DH_ADVISOR_C_FEATURES_H_
#define DH_ADVISOR_C_FEATURES_H_

#include "dh_advisor/c_types.h"
#include "dh_advisor/export.h"

/*
 * Feature builders and resampling in C: `dh_advisor/voxels.h`, `features.h` and `resample.h`, whose documentation holds
 * here, too. Functions return an enum dh_advisor_status_number and then leave the caller's buffers as they were, unless
 * it is OK; dh_advisor_last_error says what is wrong. Buffers belong to the caller and must hold what the comment says.
 * Thread-safe as far as the callbacks are; callbacks run in the calling thread and must not throw.
 */
#ifdef __cplusplus
extern "C" {
#endif

/* Of this thread's last call of c_features.h and c_checks.h, as a sentence; empty after OK. Valid until its next call.
 */
DH_ADVISOR_API const char* dh_advisor_last_error(void);

/* DICOM LPS; voxel = x + size[0] * (y + size[1] * z). */
typedef struct {
  uint32_t size[3]; /* x, y, z */
  double spacing_mm[3];
  double origin_mm[3]; /* centre of voxel (0, 0, 0) */
} dh_advisor_voxel_grid;

/* Strictly ascending. */
typedef struct {
  const uint32_t* voxels;
  size_t count;
} dh_advisor_voxel_span;

typedef struct {
  dh_advisor_voxel_span contour;
  dh_advisor_voxel_span planned; /* a subset of the contour */
} dh_advisor_structure_voxels;

/* The callback gives every entry of the influence matrix that is not zero to the sink, once, in any order. */
typedef struct dh_advisor_dose_sink dh_advisor_dose_sink;
typedef void (*dh_advisor_dose_source)(void* context, const dh_advisor_dose_sink* sink);
DH_ADVISOR_API void dh_advisor_add_dose(const dh_advisor_dose_sink* sink, uint32_t beamlet, uint32_t voxel,
                                        double gy_per_weight);

typedef struct {
  size_t struct_size;
  dh_advisor_voxel_grid grid;
  uint32_t beamlet_count;                        /* n of level 0, excluded ones included */
  const dh_advisor_structure_voxels* structures; /* as in the plan, in its order */
  size_t structure_count;
  dh_advisor_dose_source dose;
  void* dose_context;
} dh_advisor_feature_input;

/* The voxels whose mask has the bit, into a buffer of `capacity`; `count` gets how many there are. With more than fit
 * INVALID_INPUT, and `count` says how many: a first call with capacity 0 asks. */
DH_ADVISOR_API int dh_advisor_voxels_of_bit16(const uint16_t* masks, size_t voxel_count, unsigned bit, uint32_t* voxels,
                                              size_t capacity, size_t* count);
DH_ADVISOR_API int dh_advisor_voxels_of_bit64(const uint64_t* masks, size_t voxel_count, unsigned bit, uint32_t* voxels,
                                              size_t capacity, size_t* count);
/* planned[s] holds as many as contour s; planned_counts gets how many each has. */
DH_ADVISOR_API int dh_advisor_planned_voxels(const dh_advisor_structure* structures,
                                             const dh_advisor_voxel_span* contours, size_t structure_count,
                                             uint32_t* const* planned, size_t* planned_counts);
/* `shell` holds as many as the body. */
DH_ADVISOR_API int dh_advisor_shell_around(const dh_advisor_voxel_grid* grid, dh_advisor_voxel_span body,
                                           dh_advisor_voxel_span targets, double width_mm, uint32_t* shell,
                                           size_t* count);
/* One value a voxel of the grid. */
DH_ADVISOR_API int dh_advisor_distance_to(const dh_advisor_voxel_grid* grid, dh_advisor_voxel_span voxels,
                                          float* distance_mm);
DH_ADVISOR_API int dh_advisor_sphericity_of(const dh_advisor_voxel_grid* grid, dh_advisor_voxel_span voxels,
                                            double* sphericity);

/* n, n x structures and n x structures values; NULL = not wanted. */
DH_ADVISOR_API int dh_advisor_build_beamlet_features(const dh_advisor_feature_input* input, double* column_norm,
                                                     double* mean_dose, double* max_dose);
/* One entry a structure. */
DH_ADVISOR_API int dh_advisor_build_structure_geometry(const dh_advisor_feature_input* input,
                                                       dh_advisor_voxel_span targets, double uniform_weight,
                                                       dh_advisor_structure_geometry* geometry);
/* n x 100 values; `density` has one a voxel. */
DH_ADVISOR_API int dh_advisor_build_path_density(const dh_advisor_voxel_grid* grid, const float* density,
                                                 const double isocenter_mm[3], const dh_advisor_beam* beams,
                                                 size_t beam_count, double* path_density);
DH_ADVISOR_API double dh_advisor_relative_density(int hu);
/* `mean_dose` as dh_advisor_build_beamlet_features makes it. */
DH_ADVISOR_API int dh_advisor_flat_weight(const dh_advisor_structure* structures, size_t structure_count,
                                          const double* mean_dose, uint32_t beamlet_count, double* weight);

/* Where a beam sees a point: u and v projected to the isocentre plane, and the depth from the source; and back. */
DH_ADVISOR_API int dh_advisor_project(double gantry_deg, double couch_deg, const double isocenter_mm[3],
                                      const double point_mm[3], double uv_depth_mm[3]);
DH_ADVISOR_API int dh_advisor_point_at(double gantry_deg, double couch_deg, const double isocenter_mm[3],
                                       const double uv_depth_mm[3], double point_mm[3]);

/* One entry a beam, of the model's pitch. */
DH_ADVISOR_API int dh_advisor_beams_of_pitch(const dh_advisor_beam* beams, size_t beam_count, double pitch_mm,
                                             dh_advisor_beam* model_beams);
/* NULL on failure. Free it. */
typedef struct dh_advisor_resampling dh_advisor_resampling;
DH_ADVISOR_API dh_advisor_resampling* dh_advisor_resampling_create(const dh_advisor_beam* client_beams,
                                                                   const dh_advisor_beam* model_beams,
                                                                   size_t beam_count);
DH_ADVISOR_API void dh_advisor_resampling_free(dh_advisor_resampling* resampling);
/* n and m; 0 for NULL. */
DH_ADVISOR_API size_t dh_advisor_resampling_client_count(const dh_advisor_resampling* resampling);
DH_ADVISOR_API size_t dh_advisor_resampling_model_count(const dh_advisor_resampling* resampling);
/* n x columns -> m x columns; n -> m; m -> n. */
DH_ADVISOR_API int dh_advisor_sum_to_model(const dh_advisor_resampling* resampling, const double* client,
                                           size_t columns, double* model);
DH_ADVISOR_API int dh_advisor_average_to_model(const dh_advisor_resampling* resampling, const double* client,
                                               double* model);
DH_ADVISOR_API int dh_advisor_spread_to_client(const dh_advisor_resampling* resampling, const double* model,
                                               double* client);
/* dh_advisor_build_beamlet_features of the model's beamlets, from the client's doses: m, m x structures, m x structures
 * values; NULL = not wanted. The geometry of structures needs no model's: uniform doses are the same. */
DH_ADVISOR_API int dh_advisor_build_model_features(const dh_advisor_resampling* resampling,
                                                   const dh_advisor_feature_input* client, double* column_norm,
                                                   double* mean_dose, double* max_dose);

#ifdef __cplusplus
}
#endif

#endif
