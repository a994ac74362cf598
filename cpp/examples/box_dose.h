#ifndef BOX_DOSE_H_
#define BOX_DOSE_H_

#include <dh_advisor/c_features.h>
#include <math.h>

/* A dose small enough for an example, in C and C++: two beams of nine pencil beams through a box of 4 mm voxels. Your
 * own dose engine stands here. */
enum { BOX_WIDTH = 25, BOX_VOXELS = BOX_WIDTH * BOX_WIDTH, BOX_COLUMNS = 9, BOX_BEAMS = 2 };
#define BOX_BEAMLETS (BOX_BEAMS * BOX_COLUMNS)
#define BOX_VOXEL_MM 4.0
#define BOX_FIRST_MM (-48.0)

static const dh_advisor_beam box_beams[BOX_BEAMS] = {{30.0, 0.0, BOX_COLUMNS, 1, 4.0, 8.0},
                                                     {150.0, 0.0, BOX_COLUMNS, 1, 4.0, 8.0}};

static inline void box_center_mm(uint32_t voxel, double center_mm[3]) {
  center_mm[0] = BOX_FIRST_MM + (voxel % BOX_WIDTH) * BOX_VOXEL_MM;
  center_mm[1] = BOX_FIRST_MM + (voxel / BOX_WIDTH) * BOX_VOXEL_MM;
  center_mm[2] = 0.0;
}

/* Gy per unit weight; column 0 has the smallest u. */
static inline double box_dose(uint32_t beam, uint32_t column, uint32_t voxel) {
  const double isocenter_mm[3] = {0.0, 0.0, 0.0};
  double center_mm[3];
  double at_mm[3];
  box_center_mm(voxel, center_mm);
  dh_advisor_project(box_beams[beam].gantry_deg, box_beams[beam].couch_deg, isocenter_mm, center_mm, at_mm);
  const double beside_mm = at_mm[0] - (column - 0.5 * (BOX_COLUMNS - 1)) * box_beams[beam].column_width_mm;
  return 400.0 * exp(-beside_mm * beside_mm / 18.0 - 0.005 * (at_mm[2] - 1000.0));
}

/* A round target in the middle; returns how many voxels it has. */
static inline size_t box_target(uint32_t voxels[BOX_VOXELS]) {
  size_t count = 0;
  for (uint32_t voxel = 0; voxel < BOX_VOXELS; ++voxel) {
    double at_mm[3];
    box_center_mm(voxel, at_mm);
    if (hypot(at_mm[0], at_mm[1]) <= 16.0) voxels[count++] = voxel;
  }
  return count;
}

#endif
