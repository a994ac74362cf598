#include "shipped/kernel.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "objective/histogram_kernel.h"

namespace rtmodel {
namespace {

constexpr double kPi = 3.14159265358979323846;

std::size_t nearest_bin(double dose_gy) {
  return static_cast<std::size_t>(std::max(0.0, std::floor(dose_gy / kBinWidthGy + 0.5)));
}

}  // namespace

ShippedKernel shipped_kernel(double sigma_gy, int radius) {
  ShippedKernel kernel;
  kernel.radius = radius;
  const double variance = sigma_gy * sigma_gy;
  const double height = kBinWidthGy / (std::sqrt(2.0 * kPi) * sigma_gy);
  for (int bin = -radius; bin <= radius; ++bin) {
    const double dose_gy = bin * kBinWidthGy;
    kernel.samples.push_back(height * std::exp(-0.5 * dose_gy * dose_gy / variance));
    kernel.slopes.push_back(dose_gy / variance * kernel.samples.back());
  }
  return kernel;
}

int shipped_radius(double wide_sigma_gy) {
  return static_cast<int>(std::ceil(kShippedKernelExtent * wide_sigma_gy / kBinWidthGy));
}

std::vector<double> shipped_wanted_histogram(const std::vector<dh_advisor::DoseVolumePoint>& points) {
  if (points.size() < 2) {
    throw std::invalid_argument("a goal has " + std::to_string(points.size()) +
                                " dose-volume points: shipped dH needs two or more");
  }
  std::vector<double> histogram(nearest_bin(points.back().dose_gy) + 1, 0.0);
  for (std::size_t i = 1; i < points.size(); ++i) {
    const dh_advisor::DoseVolumePoint& low = points[i - 1];
    const dh_advisor::DoseVolumePoint& high = points[i];
    if (!(high.dose_gy > low.dose_gy) || !std::isfinite(high.dose_gy)) {
      throw std::invalid_argument("a goal's dose-volume points at " + std::to_string(low.dose_gy) + " and " +
                                  std::to_string(high.dose_gy) +
                                  " Gy: shipped dH divides by their distance; doses must rise from point to point");
    }
    const double fall = (low.volume_fraction - high.volume_fraction) * kBinWidthGy / (high.dose_gy - low.dose_gy);
    const std::size_t last = nearest_bin(high.dose_gy);
    for (std::size_t bin = nearest_bin(low.dose_gy); bin <= last; ++bin) histogram[bin] = fall;
  }
  return histogram;
}

}  // namespace rtmodel
