#pragma once

#include <vector>

#include "objective/histogram_kernel.h"
#include "problem.h"

namespace rtmodel {

/// Divergence of one structure's smoothed dose histogram from its wanted one. Not thread-safe: it keeps its histograms
/// between calls so that none is allocated in the loop; different structures are independent.
class StructureDivergence {
 public:
  /// Bins cover [0, `highest_dose_gy`]; doses above fall into the last bin with slope zero. Throws
  /// std::invalid_argument.
  StructureDivergence(const PlannedStructure& structure, double highest_dose_gy);

  /// Variances of the two kernels, Gy^2, 0 < v_min <= v_max.
  void set_variances(double v_min_gy2, double v_max_gy2);

  /// weight * sum h log(h / (t + eps) + eps). `dose` in Gy by row; `share` in [0, 1] by row, the part of a voxel's
  /// volume that the wide kernel smooths, null = none anywhere. With `with_slopes`, `slope` is ready afterwards.
  double evaluate(const double* dose_gy, const double* share, bool with_slopes);

  /// Derivative of the last value by the dose of one voxel of the structure, shares held, 1/Gy.
  double slope(double dose_gy, double share) const;

  const std::vector<int>& rows() const { return rows_; }
  double weight() const { return weight_; }
  double voxel_weight() const { return weight_ / static_cast<double>(rows_.size()); }

 private:
  struct BinPosition {
    int bin;
    double fraction;
    bool is_beyond;
  };
  BinPosition locate(double dose_gy) const;
  void fill(const double* dose_gy, const double* share);
  void smooth(const std::vector<double>& bins, const HistogramKernel& kernel);
  void fill_slopes(const HistogramKernel& kernel, std::vector<double>& slopes) const;

  std::vector<int> rows_;
  double weight_;
  std::vector<double> wanted_;
  int bin_count_;

  HistogramKernel narrow_;
  HistogramKernel wide_;
  int padding_ = 0;             // bins of the smoothed histograms before bin 0 and after the last
  std::vector<double> target_;  // smoothed wanted histogram plus eps

  std::vector<double> narrow_bins_;
  std::vector<double> wide_bins_;
  bool has_wide_ = false;
  int first_bin_ = 0;
  int last_bin_ = 0;
  std::vector<double> smoothed_;
  std::vector<double> derivative_;  // of F by the smoothed histogram
  std::vector<double> narrow_slopes_;
  std::vector<double> wide_slopes_;
};

}  // namespace rtmodel
