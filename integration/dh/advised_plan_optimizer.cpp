#include "advised_plan_optimizer.h"

#include <algorithm>

namespace dh_adapter {
namespace {

/// Another sigma than the level's own, for one stage: the optimizer's bounds first, then the histograms' kernels.
class StageSigma {
 public:
  StageSigma(dH::PlanOptimizer& optimizer, int level, double sigma_gy, double own_sigma_gy)
      : optimizer_(optimizer),
        level_(level),
        own_sigma_gy_(own_sigma_gy),
        is_other_(sigma_gy > 0.0 && sigma_gy != own_sigma_gy) {
    if (is_other_) set(sigma_gy);
  }
  ~StageSigma() {
    if (is_other_) set(own_sigma_gy_);
  }
  StageSigma(const StageSigma&) = delete;
  StageSigma& operator=(const StageSigma&) = delete;

 private:
  void set(double sigma_gy) {
    const double lower = lower_variance_of(sigma_gy), upper = upper_variance_of(sigma_gy);
    optimizer_.GetOptimizer(level_)->SetAdaptiveVariance(true, lower, upper);
    optimizer_.GetPrescription(level_)->SetGBinVar(lower, upper);
  }
  dH::PlanOptimizer& optimizer_;
  int level_;
  double own_sigma_gy_;
  bool is_other_;
};

}  // namespace

void AdvisedPlanOptimizer::AddStructureTerm(dH::VOITerm* pST) {
  dH::Structure* structure = pST->GetVOI();
  dH::PlanOptimizer::AddStructureTerm(pST);
  if (std::find(structures_.begin(), structures_.end(), structure) == structures_.end())
    structures_.push_back(structure);
}

bool AdvisedPlanOptimizer::Optimize(CVectorN<>& vInit, OptimizerCallback* pFunc, void* pParam) {
  if (options_.session.mode == dh_advisor::AdviceMode::kOff) return dH::PlanOptimizer::Optimize(vInit, pFunc, pParam);
  GetPyramid()->CalcPencilSubBeamlets();
  for (int level = 1; level < dH::PlanPyramid::MAX_SCALES; ++level)
    GetPrescription(level)->UpdateTerms(GetPrescription(0));
  PlanAdvisor advisor(*this, options_);
  advisor.begin(structures_);
  const bool is_done =
      advisor.is_live() ? Descend(vInit, pFunc, pParam, advisor) : dH::PlanOptimizer::Optimize(vInit, pFunc, pParam);
  last_status_ = advisor.status();
  return is_done;
}

bool AdvisedPlanOptimizer::Descend(CVectorN<>& vInit, OptimizerCallback* pFunc, void* pParam, PlanAdvisor& advisor) {
  int level = dH::PlanPyramid::MAX_SCALES - 1;
  if (const auto start = advisor.take_start()) {
    level = 0;
    vInit.SetDim(static_cast<int>(start->size()));
    for (int i = 0; i < vInit.GetDim(); ++i) vInit[i] = (*start)[static_cast<std::size_t>(i)];
  } else {
    GetInitStateVector(vInit);
  }
  // [guide: descend]
  for (const DescentStage& stage : advisor.stages()) {
    for (; level > stage.level; --level) {
      const CVectorN<> coarse(vInit);  // dH's assignment does not resize, its copies do
      InvFilterStateVector(level, coarse, vInit);
    }
    if (advisor.has_stopped_plan()) continue;
    dH::Prescription& prescription = *GetPrescription(level);
    DynamicCovarianceOptimizer& optimizer = *GetOptimizer(level);
    const StageSigma sigma(*this, level, stage.sigma_gy, advisor.own_sigma_gy(level));
    prescription.UpdateHistogramRegions();
    optimizer.SetCallback(pFunc, pParam);
    prescription.InvTransform(&vInit);
    optimizer.SetAdvice(advisor.start_stage(stage, vInit));
    const auto code = optimizer.minimize(vInit.GetVnlVector());
    optimizer.SetAdvice({});
    advisor.end_stage(code);
    if (optimizer.get_num_iterations() == -1) return false;
    prescription.Transform(&vInit);
  }
  // [end]
  advisor.finish(vInit);
  return true;
}

}  // namespace dh_adapter
