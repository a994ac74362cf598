#pragma once

#include <vector>

#include "dh_advisor/checks.h"

namespace dh_advisor {

/// Where one beamlet deposits its dose: moments of the voxels' positions relative to the isocentre. Weighted by the
/// square of the dose, which scatter hardly moves, and by its cube.
struct BeamletMoments {
  double square = 0.0;
  Vector3 first{};
  double second[6] = {};  ///< xx, yy, zz, xy, xz, yz.
  double cube = 0.0;
  Vector3 cubed_first{};

  bool is_empty() const { return square == 0.0; }
  Vector3 center() const { return {first[0] / square, first[1] / square, first[2] / square}; }
  /// Nearer to where the dose is highest than `center`.
  Vector3 cubed_center() const { return {cubed_first[0] / cube, cubed_first[1] / cube, cubed_first[2] / cube}; }
};

/// One pass over the dose.
std::vector<BeamletMoments> measure_moments(const FeatureInput& input, const Vector3& isocenter_mm);

}  // namespace dh_advisor
