#pragma once

#include <PlanOptimizer.h>

#include "dh_advisor/voxels.h"

namespace dh_adapter {

/// A volume of dH at points of the patient (DICOM LPS, mm), linear between the centres of its voxels, 0 outside. dH's
/// dose grids are turned with their beams. Borrows the volume. Throws nothing.
class VolumeSampler {
 public:
  explicit VolumeSampler(const VolumeReal& volume);
  double at(const dh_advisor::Vector3& point_mm) const;

 private:
  const VOXEL_REAL* values_;
  long size_[3];
  double origin_[3];
  double step_[3][3];  ///< Millimetres -> indices.
};

}  // namespace dh_adapter
