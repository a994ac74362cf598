#pragma once

#include <vector>

#include "dh_advisor/plan.h"

namespace rtmodel {

/// Width of both kernels in dH, in sigmas of the wide one.
constexpr double kShippedKernelExtent = 8.0;
/// Sigma of dH's narrow kernel, at every level and whatever the level's lower bound: wider than the wide kernel at
/// levels 0 and 1.
constexpr double kShippedNarrowSigmaGy = 10.0;

/// A Gaussian and its derivative, sampled at whole bins of 1 Gy. Not normalised: where the narrow kernel is the wider
/// one it is cut off, and holds a little less than one.
struct ShippedKernel {
  int radius = 0;               ///< Bins on either side of the centre.
  std::vector<double> samples;  ///< 2 radius + 1 of them.
  std::vector<double> slopes;   ///< Change of each sample when the centre moves up, 1/Gy.
};

ShippedKernel shipped_kernel(double sigma_gy, int radius);

/// Bins on either side that both kernels get.
int shipped_radius(double wide_sigma_gy);

/// dH's wanted histogram before it is smoothed: every bin from the one of a dose-volume point to that of the next, both
/// included, holds what the curve falls by a bin; a bin shared by two pieces has the later one's. Not normalised. Bin b
/// stands for b Gy. Throws std::invalid_argument when there are fewer than two points, or doses do not rise.
std::vector<double> shipped_wanted_histogram(const std::vector<dh_advisor::DoseVolumePoint>& points);

}  // namespace rtmodel
