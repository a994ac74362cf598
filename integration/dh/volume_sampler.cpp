#include "volume_sampler.h"

#include <cmath>

namespace dh_adapter {

VolumeSampler::VolumeSampler(const VolumeReal& volume) : values_(volume.GetBufferPointer()) {
  const auto& direction = volume.GetDirection();
  for (unsigned axis = 0; axis < 3; ++axis) {
    size_[axis] = static_cast<long>(volume.GetBufferedRegion().GetSize()[axis]);
    origin_[axis] = volume.GetOrigin()[axis];
    // The inverse of a rotation is its transpose.
    for (unsigned column = 0; column < 3; ++column)
      step_[axis][column] = direction(column, axis) / volume.GetSpacing()[axis];
  }
}

double VolumeSampler::at(const dh_advisor::Vector3& point_mm) const {
  long low[3];
  double share[3];
  for (int axis = 0; axis < 3; ++axis) {
    double index = 0.0;
    for (int k = 0; k < 3; ++k) index += step_[axis][k] * (point_mm[k] - origin_[k]);
    // Half a voxel beyond the outermost centres still belongs to the outermost voxels.
    const double last = static_cast<double>(size_[axis] - 1);
    if (!(index >= -0.5 && index <= last + 0.5)) return 0.0;
    index = index < 0.0 ? 0.0 : index > last ? last : index;
    low[axis] = static_cast<long>(std::floor(index));
    share[axis] = index - static_cast<double>(low[axis]);
  }
  double sum = 0.0;
  for (int corner = 0; corner < 8; ++corner) {
    double weight = 1.0;
    long at = 0, stride = 1;
    for (int axis = 0; axis < 3; ++axis) {
      const bool is_high = (corner >> axis & 1) != 0;
      weight *= is_high ? share[axis] : 1.0 - share[axis];
      at += stride * (low[axis] + (is_high && low[axis] + 1 < size_[axis] ? 1 : 0));
      stride *= size_[axis];
    }
    if (weight > 0.0) sum += weight * values_[at];
  }
  return sum;
}

}  // namespace dh_adapter
