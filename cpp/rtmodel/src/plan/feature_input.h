#pragma once

#include <cstdint>
#include <vector>

#include "dh_advisor/features.h"
#include "problem.h"

namespace rtmodel {

/// A problem as the client library's feature builders take it. Borrows the problem, which must outlive it.
class FeatureSource {
 public:
  explicit FeatureSource(const PlanProblem& problem);
  FeatureSource(const FeatureSource&) = delete;
  FeatureSource& operator=(const FeatureSource&) = delete;

  const dh_advisor::FeatureInput& input() const { return input_; }

 private:
  std::vector<std::vector<std::uint32_t>> voxels_;  ///< Contour and planned of each structure, by turns.
  dh_advisor::FeatureInput input_;
};

}  // namespace rtmodel
