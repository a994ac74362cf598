#include "objective/structure_divergence.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace rtmodel {
namespace {

constexpr double kEpsilon = 1e-5;

int bins_to_cover(const PlannedStructure& structure, double highest_dose_gy) {
  double highest = highest_dose_gy;
  for (const auto& point : structure.description.prescription) highest = std::max(highest, point.dose_gy);
  return static_cast<int>(std::ceil(highest / kBinWidthGy)) + 2;
}

}  // namespace

StructureDivergence::StructureDivergence(const PlannedStructure& structure, double highest_dose_gy)
    : rows_(structure.planned_rows), weight_(structure.description.objective_weight) {
  if (rows_.empty()) {
    throw std::invalid_argument("structure '" + structure.description.name + "' has no planned voxel: leave it out");
  }
  bin_count_ = bins_to_cover(structure, highest_dose_gy);
  const auto bins = static_cast<std::size_t>(bin_count_);
  wanted_ = wanted_histogram(structure.description.prescription, bin_count_);
  narrow_bins_.resize(bins);
  wide_bins_.resize(bins);
  narrow_slopes_.resize(bins);
  wide_slopes_.resize(bins);
}

void StructureDivergence::set_variances(double v_min_gy2, double v_max_gy2) {
  narrow_ = gaussian_kernel(v_min_gy2);
  wide_ = gaussian_kernel(v_max_gy2);
  padding_ = wide_.radius;
  const auto length = static_cast<std::size_t>(bin_count_ + 2 * padding_);
  target_.assign(length, kEpsilon);
  for (const HistogramKernel* kernel : {&narrow_, &wide_}) {
    for (int bin = 0; bin < bin_count_; ++bin) {
      const double volume = 0.5 * wanted_[static_cast<std::size_t>(bin)];
      if (volume == 0.0) continue;
      double* out = target_.data() + bin + padding_ - kernel->radius;
      for (std::size_t k = 0; k < kernel->samples.size(); ++k) out[k] += volume * kernel->samples[k];
    }
  }
  smoothed_.assign(length, 0.0);
  derivative_.assign(length, 0.0);
}

StructureDivergence::BinPosition StructureDivergence::locate(double dose_gy) const {
  const double position = dose_gy / kBinWidthGy;
  if (position >= bin_count_ - 1) return {bin_count_ - 2, 1.0, true};
  const int bin = static_cast<int>(position);
  return {bin, position - bin, false};
}

void StructureDivergence::fill(const double* dose_gy, const double* share) {
  std::fill(narrow_bins_.begin(), narrow_bins_.end(), 0.0);
  std::fill(wide_bins_.begin(), wide_bins_.end(), 0.0);
  has_wide_ = share != nullptr;
  first_bin_ = bin_count_;
  last_bin_ = 0;
  const double volume = 1.0 / static_cast<double>(rows_.size());
  for (int row : rows_) {
    const BinPosition at = locate(dose_gy[row]);
    first_bin_ = std::min(first_bin_, at.bin);
    last_bin_ = std::max(last_bin_, at.bin + 1);
    const auto bin = static_cast<std::size_t>(at.bin);
    const double wide = has_wide_ ? share[row] * volume : 0.0;
    const double narrow = volume - wide;
    narrow_bins_[bin] += (1.0 - at.fraction) * narrow;
    narrow_bins_[bin + 1] += at.fraction * narrow;
    if (has_wide_) {
      wide_bins_[bin] += (1.0 - at.fraction) * wide;
      wide_bins_[bin + 1] += at.fraction * wide;
    }
  }
}

void StructureDivergence::smooth(const std::vector<double>& bins, const HistogramKernel& kernel) {
  const int taps = 2 * kernel.radius + 1;
  const double* sample = kernel.samples.data();
  for (int bin = first_bin_; bin <= last_bin_; ++bin) {
    const double volume = bins[static_cast<std::size_t>(bin)];
    if (volume == 0.0) continue;
    double* out = smoothed_.data() + bin + padding_ - kernel.radius;
#pragma omp simd
    for (int k = 0; k < taps; ++k) out[k] += volume * sample[k];
  }
}

void StructureDivergence::fill_slopes(const HistogramKernel& kernel, std::vector<double>& slopes) const {
  const int taps = 2 * kernel.radius + 1;
  const double* sample = kernel.samples.data();
  for (int bin = first_bin_; bin <= last_bin_; ++bin) {
    const double* in = derivative_.data() + bin + padding_ - kernel.radius;
    double sum = 0.0;
#pragma omp simd reduction(+ : sum)
    for (int k = 0; k < taps; ++k) sum += in[k] * sample[k];
    slopes[static_cast<std::size_t>(bin)] = sum;
  }
}

double StructureDivergence::evaluate(const double* dose_gy, const double* share, bool with_slopes) {
  fill(dose_gy, share);
  // Only bins that a kernel can reach from an occupied one hold volume; elsewhere h log(...) is zero.
  const int reach = has_wide_ ? wide_.radius : narrow_.radius;
  const int from = first_bin_ + padding_ - reach;
  const int to = last_bin_ + padding_ + reach;
  std::fill(smoothed_.begin() + from, smoothed_.begin() + to + 1, 0.0);
  smooth(narrow_bins_, narrow_);
  if (has_wide_) smooth(wide_bins_, wide_);
  double sum = 0.0;
  for (int i = from; i <= to; ++i) {
    const auto bin = static_cast<std::size_t>(i);
    const double quotient = smoothed_[bin] / target_[bin];
    const double logarithm = std::log(quotient + kEpsilon);
    sum += smoothed_[bin] * logarithm;
    if (with_slopes) derivative_[bin] = logarithm + quotient / (quotient + kEpsilon);
  }
  if (with_slopes) {
    fill_slopes(narrow_, narrow_slopes_);
    if (has_wide_) fill_slopes(wide_, wide_slopes_);
  }
  return weight_ * sum;
}

double StructureDivergence::slope(double dose_gy, double share) const {
  const BinPosition at = locate(dose_gy);
  if (at.is_beyond) return 0.0;
  const auto bin = static_cast<std::size_t>(at.bin);
  const double narrow = narrow_slopes_[bin + 1] - narrow_slopes_[bin];
  const double wide = has_wide_ ? wide_slopes_[bin + 1] - wide_slopes_[bin] : 0.0;
  return weight_ / (static_cast<double>(rows_.size()) * kBinWidthGy) * ((1.0 - share) * narrow + share * wide);
}

}  // namespace rtmodel
