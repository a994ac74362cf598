#include "advised_plan_optimizer.h"

#include <algorithm>

namespace dh_adapter {
namespace {

/// Another sigma than the level's own, for one stage: the optimizer's bounds first, then the histograms' kernels.
class StageSigma {
 public:
  /// `sigma_gy` 0 or that of `own`: nothing.
  StageSigma(dH::PlanOptimizer& optimizer, const DescentStage& stage, const LevelModel& own)
      : optimizer_(*optimizer.GetOptimizer(stage.level)),
        prescription_(*optimizer.GetPrescription(stage.level)),
        own_(own),
        is_other_(stage.sigma_gy > 0.0 && stage.sigma_gy != own.sigma_gy) {
    if (is_other_) set(lower_variance_of(stage.sigma_gy), upper_variance_of(stage.sigma_gy));
  }
  ~StageSigma() {
    if (is_other_) set(own_.lower_variance, own_.upper_variance);
  }
  StageSigma(const StageSigma&) = delete;
  StageSigma& operator=(const StageSigma&) = delete;

 private:
  void set(double lower, double upper) {
    optimizer_.SetAdaptiveVariance(true, lower, upper);
    prescription_.SetGBinVar(lower, upper);
  }
  DynamicCovarianceOptimizer& optimizer_;
  dH::Prescription& prescription_;
  const LevelModel& own_;
  const bool is_other_;
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
    const StageSigma sigma(*this, stage, advisor.own_level(level));
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
