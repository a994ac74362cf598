#include "shipped/divergence.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "objective/histogram_kernel.h"

namespace rtmodel {
namespace {

constexpr double kEpsilon = 1e-5;
/// 1 Gy in dH's unit of dose: its sums over bins are integrals.
constexpr double kBinFactor = 0.01 * kBinWidthGy;
/// dH forms no shares of voxels with less dose, so that they fall out of its histograms.
constexpr double kLeastDoseGy = 1e-6;
/// Keeps a matrix in the wrong unit from asking for gigabytes; doses above count as this one.
constexpr double kHighestBinnedDoseGy = 4096.0;

/// The bin below a dose, and how far the dose lies towards the next.
struct BinPosition {
  explicit BinPosition(double dose_gy) {
    const double position = std::min(dose_gy, kHighestBinnedDoseGy) / kBinWidthGy;
    bin = static_cast<std::size_t>(position);
    upper = position - static_cast<double>(bin);
  }
  std::size_t bin;
  double upper;
};

void add_smoothed(const std::vector<double>& bins, const std::vector<double>& samples, std::vector<double>& out) {
  for (std::size_t bin = 0; bin < bins.size(); ++bin) {
    if (bins[bin] == 0.0) continue;
    for (std::size_t k = 0; k < samples.size(); ++k) out[bin + k] += bins[bin] * samples[k];
  }
}

}  // namespace

ShippedDivergence::ShippedDivergence(const dh_advisor::Structure& structure, const VoxelRegion& region)
    : region_(region), weight_(structure.objective_weight), wanted_(shipped_wanted_histogram(structure.prescription)) {
  if (!(region.volume > 0.0)) {
    throw std::invalid_argument("structure '" + structure.name + "' has no voxel at a level: leave it out");
  }
}

void ShippedDivergence::set_wide_sigma(double sigma_gy) {
  const int radius = shipped_radius(sigma_gy);
  wide_ = shipped_kernel(sigma_gy, radius);
  narrow_ = shipped_kernel(kShippedNarrowSigmaGy, radius);
  target_.assign(wanted_.size() + 2 * static_cast<std::size_t>(radius), 0.0);
  add_smoothed(wanted_, narrow_.samples, target_);
  add_smoothed(wanted_, wide_.samples, target_);
  const double sum = std::accumulate(target_.begin(), target_.end(), 0.0);
  for (double& volume : target_) volume /= sum;
}

void ShippedDivergence::fill(const ShippedDoses& doses) {
  double highest = 0.0;
  for (int row : region_.rows) highest = std::max(highest, doses.dose_gy[static_cast<std::size_t>(row)]);
  const std::size_t bins = BinPosition(highest).bin + 2;
  narrow_bins_.assign(bins, 0.0);
  wide_bins_.assign(bins, 0.0);
  for (std::size_t i = 0; i < region_.rows.size(); ++i) {
    const auto row = static_cast<std::size_t>(region_.rows[i]);
    if (doses.dose_gy[row] <= kLeastDoseGy) continue;
    const auto [bin, upper] = BinPosition(doses.dose_gy[row]);
    const double wide = region_.shares[i] * doses.wide_share[row] / region_.volume;
    const double narrow = region_.shares[i] * (1.0 - doses.wide_share[row]) / region_.volume;
    narrow_bins_[bin] += (1.0 - upper) * narrow;
    narrow_bins_[bin + 1] += upper * narrow;
    wide_bins_[bin] += (1.0 - upper) * wide;
    wide_bins_[bin + 1] += upper * wide;
  }
}

double ShippedDivergence::evaluate(const ShippedDoses& doses, bool with_slopes) {
  fill(doses);
  smoothed_.assign(narrow_bins_.size() + 2 * static_cast<std::size_t>(wide_.radius), 0.0);
  add_smoothed(narrow_bins_, narrow_.samples, smoothed_);
  add_smoothed(wide_bins_, wide_.samples, smoothed_);
  if (with_slopes) derivative_.assign(smoothed_.size(), 0.0);
  double sum = 0.0;
  for (std::size_t i = 0; i < smoothed_.size(); ++i) {
    const double quotient = smoothed_[i] / ((i < target_.size() ? target_[i] : 0.0) + kEpsilon);
    const double logarithm = std::log(quotient + kEpsilon);
    sum += smoothed_[i] * logarithm;
    if (with_slopes) derivative_[i] = logarithm + quotient / (quotient + kEpsilon);
  }
  if (with_slopes) {
    narrow_slopes_ = bin_slopes(narrow_);
    wide_slopes_ = bin_slopes(wide_);
  }
  return weight_ * kBinFactor * sum;
}

std::vector<double> ShippedDivergence::bin_slopes(const ShippedKernel& kernel) const {
  std::vector<double> slopes(narrow_bins_.size(), 0.0);
  for (std::size_t bin = 0; bin < slopes.size(); ++bin) {
    for (std::size_t k = 0; k < kernel.slopes.size(); ++k) slopes[bin] += derivative_[bin + k] * kernel.slopes[k];
  }
  return slopes;
}

void ShippedDivergence::add_slopes(const ShippedDoses& doses, std::vector<double>& narrow,
                                   std::vector<double>& wide) const {
  for (std::size_t i = 0; i < region_.rows.size(); ++i) {
    const auto row = static_cast<std::size_t>(region_.rows[i]);
    const auto [bin, upper] = BinPosition(doses.dose_gy[row]);
    const double factor = weight_ * kBinFactor * region_.shares[i] / region_.volume;
    narrow[row] += factor * ((1.0 - upper) * narrow_slopes_[bin] + upper * narrow_slopes_[bin + 1]);
    wide[row] += factor * ((1.0 - upper) * wide_slopes_[bin] + upper * wide_slopes_[bin + 1]);
  }
}

}  // namespace rtmodel
