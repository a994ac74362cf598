#pragma once

#include <vector>

#include "dh_advisor/plan.h"
#include "shipped/kernel.h"

namespace rtmodel {

/// The voxels of a level that lie in a structure, wholly or in part.
struct VoxelRegion {
  std::vector<int> rows;       ///< Of the level's influence matrix, ascending.
  std::vector<double> shares;  ///< Of each voxel that is inside, in (0, 1].
  double volume = 0.0;         ///< Sum of the shares.
};

/// A level's doses, by row.
struct ShippedDoses {
  std::vector<double> dose_gy;
  std::vector<double> wide_share;  ///< Of the voxel that the wide kernel smooths, in [0, 1].
};

/// dH's term of one structure: the divergence of its smoothed dose histogram from its wanted one, times bin width in
/// dH's unit of 100 Gy. Not thread-safe: it keeps its histograms.
class ShippedDivergence {
 public:
  /// `region` must outlive it. Throws std::invalid_argument for a goal that dH can't have, and an empty region.
  ShippedDivergence(const dh_advisor::Structure& structure, const VoxelRegion& region);

  void set_wide_sigma(double sigma_gy);

  /// The term. Voxels without dose count in the volume and in no bin. With `with_slopes`, `add_slopes` may follow.
  double evaluate(const ShippedDoses& doses, bool with_slopes);

  /// Adds the derivative of the last value by the dose of each voxel, 1/Gy, as if all of it were smoothed by the
  /// narrow, and by the wide kernel.
  void add_slopes(const ShippedDoses& doses, std::vector<double>& narrow, std::vector<double>& wide) const;

 private:
  void fill(const ShippedDoses& doses);
  std::vector<double> bin_slopes(const ShippedKernel& kernel) const;

  const VoxelRegion& region_;
  double weight_;
  std::vector<double> wanted_;
  ShippedKernel narrow_;
  ShippedKernel wide_;
  std::vector<double> target_;  // smoothed and normalised; index 0 is `radius` bins below 0 Gy, as in `smoothed_`
  std::vector<double> narrow_bins_;
  std::vector<double> wide_bins_;
  std::vector<double> smoothed_;
  std::vector<double> derivative_;  // of the sum by the smoothed histogram
  std::vector<double> narrow_slopes_;
  std::vector<double> wide_slopes_;
};

}  // namespace rtmodel
