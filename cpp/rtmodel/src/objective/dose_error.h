#pragma once

#include <vector>

#include "problem.h"

namespace rtmodel {

/// Squared dose error of one structure: how far its voxels are outside the doses that its wanted curve spans. Convex in
/// the weights, and felt by a voxel however far it is off, where a histogram's kernels feel nothing any more.
class DoseError {
 public:
  explicit DoseError(const PlannedStructure& structure);

  /// weight * mean over voxels of (Gy outside / 5 Gy)^2. `dose_gy` by row.
  double evaluate(const double* dose_gy) const;

  /// Derivative by the dose of one voxel of the structure, 1/Gy.
  double slope(double dose_gy) const;

 private:
  /// Signed, Gy; 0 inside.
  double outside_gy(double dose_gy) const;

  std::vector<int> rows_;
  double share_;  // of a voxel: weight / (voxels * (5 Gy)^2)
  double lowest_gy_;
  double highest_gy_;
};

}  // namespace rtmodel
