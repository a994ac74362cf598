#pragma once

#include <vector>

#include "dh_advisor/plan.h"

namespace rtmodel {

constexpr double kBinWidthGy = 1.0;

/// A Gaussian sampled at whole bins out to four sigma and normalised to one.
struct HistogramKernel {
  int radius = 0;               ///< Bins on either side of the centre.
  std::vector<double> samples;  ///< 2 radius + 1 of them.
};

HistogramKernel gaussian_kernel(double variance_gy2);

/// The wanted differential histogram: the dose-volume points as a piecewise-linear cumulative curve from (0 Gy, 1),
/// differentiated, each piece's volume split linearly between neighbouring bins. Vertical pieces and what is left at
/// the last point become volume at one dose. Sums to one. Bin b stands for b Gy; `bin_count` must cover the last point.
/// Throws std::invalid_argument when doses fall, fractions rise or leave [0, 1], or there is no point.
std::vector<double> wanted_histogram(const std::vector<dh_advisor::DoseVolumePoint>& points, int bin_count);

}  // namespace rtmodel
