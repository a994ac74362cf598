#include "checks/moments.h"

#include "features/input.h"

namespace dh_advisor {

std::vector<BeamletMoments> measure_moments(const FeatureInput& input, const Vector3& isocenter_mm) {
  std::vector<BeamletMoments> moments(input.beamlet_count);
  for_each_entry(input, [&](std::uint32_t beamlet, std::uint32_t voxel, double dose) {
    const Vector3 center = input.grid.center_mm(voxel);
    const double x = center[0] - isocenter_mm[0], y = center[1] - isocenter_mm[1], z = center[2] - isocenter_mm[2];
    BeamletMoments& m = moments[beamlet];
    const double square = dose * dose;
    const double cube = square * dose;
    m.square += square;
    m.cube += cube;
    m.first[0] += square * x;
    m.first[1] += square * y;
    m.first[2] += square * z;
    m.second[0] += square * x * x;
    m.second[1] += square * y * y;
    m.second[2] += square * z * z;
    m.second[3] += square * x * y;
    m.second[4] += square * x * z;
    m.second[5] += square * y * z;
    m.cubed_first[0] += cube * x;
    m.cubed_first[1] += cube * y;
    m.cubed_first[2] += cube * z;
  });
  return moments;
}

}  // namespace dh_advisor
