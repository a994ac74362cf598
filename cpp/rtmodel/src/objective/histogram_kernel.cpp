#include "objective/histogram_kernel.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace rtmodel {
namespace {

constexpr double kKernelExtent = 4.0;  // sigmas; the mass left out is 6e-5 and is normalised away

void add_at(std::vector<double>& histogram, double dose_gy, double volume) {
  const double position = dose_gy / kBinWidthGy;
  const int bin = std::min(static_cast<int>(position), static_cast<int>(histogram.size()) - 2);
  const double fraction = std::min(position - bin, 1.0);
  histogram[static_cast<std::size_t>(bin)] += (1.0 - fraction) * volume;
  histogram[static_cast<std::size_t>(bin) + 1] += fraction * volume;
}

/// Spreads volume evenly over [low, high] Gy. Inside one bin the linear split of an even spread is that of its middle.
void add_between(std::vector<double>& histogram, double low_gy, double high_gy, double volume) {
  double from = low_gy;
  while (from < high_gy) {
    const double next_bin = (std::floor(from / kBinWidthGy) + 1.0) * kBinWidthGy;
    const double to = std::min(next_bin, high_gy);
    add_at(histogram, 0.5 * (from + to), volume * (to - from) / (high_gy - low_gy));
    from = to;
  }
}

}  // namespace

HistogramKernel gaussian_kernel(double variance_gy2) {
  HistogramKernel kernel;
  kernel.radius = static_cast<int>(std::ceil(kKernelExtent * std::sqrt(variance_gy2) / kBinWidthGy));
  double sum = 0.0;
  for (int bin = -kernel.radius; bin <= kernel.radius; ++bin) {
    const double dose_gy = bin * kBinWidthGy;
    kernel.samples.push_back(std::exp(-0.5 * dose_gy * dose_gy / variance_gy2));
    sum += kernel.samples.back();
  }
  for (double& sample : kernel.samples) sample /= sum;
  return kernel;
}

std::vector<double> wanted_histogram(const std::vector<dh_advisor::DoseVolumePoint>& points, int bin_count) {
  if (points.empty()) throw std::invalid_argument("the prescription has no dose-volume point: give at least one");
  std::vector<double> histogram(static_cast<std::size_t>(bin_count), 0.0);
  dh_advisor::DoseVolumePoint last{0.0, 1.0};
  for (const dh_advisor::DoseVolumePoint& point : points) {
    const bool is_ordered = point.dose_gy >= last.dose_gy && point.volume_fraction <= last.volume_fraction &&
                            point.volume_fraction >= 0.0 && std::isfinite(point.dose_gy);
    if (!is_ordered) {
      throw std::invalid_argument("the prescription's point (" + std::to_string(point.dose_gy) + " Gy, " +
                                  std::to_string(point.volume_fraction) +
                                  ") is out of order: doses must rise and volume fractions fall from 1 to 0");
    }
    const double volume = last.volume_fraction - point.volume_fraction;
    if (volume > 0.0 && point.dose_gy > last.dose_gy) {
      add_between(histogram, last.dose_gy, point.dose_gy, volume);
    } else if (volume > 0.0) {
      add_at(histogram, point.dose_gy, volume);
    }
    last = point;
  }
  if (last.volume_fraction > 0.0) add_at(histogram, last.dose_gy, last.volume_fraction);
  return histogram;
}

}  // namespace rtmodel
