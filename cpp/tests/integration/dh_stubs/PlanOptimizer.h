#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "ConjGradOptimizer.h"

namespace dH_stub {
class Problem;
}

namespace dH {

class PlanPyramid {
 public:
  static const int MAX_SCALES = 4;
  CPlan* GetPlan(int nLevel) { return plans[static_cast<std::size_t>(nLevel)]; }
  void CalcPencilSubBeamlets(int nBeam = -1);

  std::vector<CPlan*> plans;  // finest first, which is the caller's
  std::vector<std::unique_ptr<CPlan>> coarse_plans;
  std::function<void()> make;
};

class PlanOptimizer {
 public:
  explicit PlanOptimizer(CPlan* pPlan);
  ~PlanOptimizer();
  CPlan* GetPlan() { return plan_; }
  PlanPyramid* GetPyramid() { return &pyramid_; }
  Prescription* GetPrescription(int nLevel) { return levels_[static_cast<std::size_t>(nLevel)].first.get(); }
  DynamicCovarianceOptimizer* GetOptimizer(int nLevel) {
    return levels_[static_cast<std::size_t>(nLevel)].second.get();
  }
  void AddStructureTerm(VOITerm* pST);
  bool Optimize(CVectorN<>& vInit, OptimizerCallback* pFunc, void* pParam);
  void InvFilterStateVector(int nScale, const CVectorN<>& vIn, CVectorN<>& vOut);

 protected:
  void GetInitStateVector(CVectorN<>& vInit);

 private:
  CPlan* plan_;
  PlanPyramid pyramid_;
  std::shared_ptr<dH_stub::Problem> problem_;
  std::vector<std::pair<std::unique_ptr<Prescription>, std::unique_ptr<DynamicCovarianceOptimizer>>> levels_;
};

}  // namespace dH
