#pragma once

#include <array>
#include <memory>
#include <vector>

#include "Prescription.h"
#include "shipped/objective.h"
#include "shipped/voxel_pyramid.h"

namespace dH_stub {

/// The stub's plan as a problem of the reference optimizer, made when the beamlets are there.
class Problem {
 public:
  explicit Problem(CPlan* plan) : plan_(plan) {}
  void add(dH::KLDivTerm* term) { terms_.push_back(term); }
  /// Of the terms added so far; once.
  void make();

  rtmodel::ShippedPyramid& pyramid() { return *pyramid_; }
  rtmodel::ShippedObjective& objective(int level);

 private:
  rtmodel::PlannedStructure structure_of(dH::KLDivTerm& term, const std::vector<int>& row_of_voxel) const;
  void sample_beamlets(const std::vector<int>& voxels);

  CPlan* plan_;
  std::vector<dH::KLDivTerm*> terms_;
  rtmodel::PlanProblem problem_;
  std::unique_ptr<rtmodel::ShippedPyramid> pyramid_;
  std::array<std::unique_ptr<rtmodel::ShippedObjective>, rtmodel::kLevelCount> objectives_;
};

/// F of one level in dH's terms: its order of beamlets, its unit of the variance, its sign of the gradient.
class LevelF {
 public:
  LevelF(std::shared_ptr<Problem> problem, int level) : problem_(std::move(problem)), level_(level) {}
  /// `gradient` may be null; by x.
  double operator()(const CVectorN<>& x, const CVectorN<>& variances, double upper_variance, CVectorN<>* gradient);

 private:
  std::shared_ptr<Problem> problem_;
  int level_;
  double sigma_gy_ = 0.0;
};

}  // namespace dH_stub
