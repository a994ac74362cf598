#include "PlanOptimizer.h"

#include <cmath>
#include <stdexcept>

#include "objective/parameterization.h"
#include "pyramid/interpolation.h"
#include "shipped/beam_terms.h"
#include "shipped/parameters.h"
#include "stub_problem.h"

namespace dH {

Prescription::Prescription(std::shared_ptr<dH_stub::LevelF> f) : f_(std::move(f)) {}

VOITerm* Prescription::GetStructureTerm(Structure* pStruct) {
  const auto found = terms_.find(pStruct);
  return found == terms_.end() ? nullptr : found->second.get();
}

void Prescription::AddStructureTerm(VOITerm* pST) { terms_[pST->GetVOI()].reset(pST); }

void Prescription::UpdateTerms(Prescription* pPresc) {
  for (auto& [structure, term] : terms_) {
    static_cast<KLDivTerm&>(*term).SetDVPs(static_cast<KLDivTerm*>(pPresc->GetStructureTerm(structure))->GetDVPs());
  }
}

void Prescription::SetGBinVar(REAL, REAL varMax) { var_max_ = varMax; }

REAL Prescription::operator()(const CVectorN<>& vInput, CVectorN<>* pGrad) const {
  if (m_pAV == nullptr) throw std::logic_error("dH would follow a null pointer here");
  const REAL value = (*f_)(vInput, *m_pAV, var_max_, pGrad);
  if (pGrad != nullptr && gradient_points_uphill)
    for (int i = 0; i < pGrad->GetDim(); ++i) (*pGrad)[i] = -(*pGrad)[i];
  return value;
}

void Prescription::Transform(CVectorN<>* pvInOut) const {
  for (int i = 0; i < pvInOut->GetDim(); ++i) (*pvInOut)[i] = rtmodel::weight_of((*pvInOut)[i]);
}

void Prescription::dTransform(CVectorN<>* pvInOut) const {
  for (int i = 0; i < pvInOut->GetDim(); ++i) (*pvInOut)[i] = rtmodel::weight_slope(rtmodel::weight_of((*pvInOut)[i]));
}

void Prescription::InvTransform(CVectorN<>* pvInOut) const {
  for (int i = 0; i < pvInOut->GetDim(); ++i) (*pvInOut)[i] = rtmodel::shipped_parameter((*pvInOut)[i]);
}

void PlanPyramid::CalcPencilSubBeamlets(int) { make(); }

PlanOptimizer::PlanOptimizer(CPlan* pPlan) : plan_(pPlan), problem_(std::make_shared<dH_stub::Problem>(pPlan)) {
  pyramid_.make = [problem = problem_] { problem->make(); };
  pyramid_.plans = {pPlan};
  constexpr double kGBinSigma = 0.2;
  constexpr double kLevelSigma[] = {8.0, 3.2, 1.3, 0.5};
  constexpr double kTolerance[] = {1e-6, 1e-5, 1e-4, 1e-3};
  for (int level = 0; level < PlanPyramid::MAX_SCALES; ++level) {
    if (level > 0) {
      auto& coarse = pyramid_.coarse_plans.emplace_back(std::make_unique<CPlan>(*pyramid_.plans.back()));
      for (CBeam& beam : coarse->beams)
        beam.m_arrBeamlets.resize(static_cast<std::size_t>(rtmodel::halved(beam.GetBeamletCount())));
      pyramid_.plans.push_back(coarse.get());
    }
    auto prescription = std::make_unique<Prescription>(std::make_shared<dH_stub::LevelF>(problem_, level));
    auto optimizer = std::make_unique<DynamicCovarianceOptimizer>(prescription.get());
    const double variance = std::pow(kGBinSigma / kLevelSigma[level], 2);
    optimizer->SetAdaptiveVariance(true, 0.25 * variance, 1.5 * variance);
    optimizer->set_x_tolerance(kTolerance[level]);
    prescription->SetGBinVar(0.25 * variance, 1.5 * variance);
    levels_.emplace_back(std::move(prescription), std::move(optimizer));
  }
}

PlanOptimizer::~PlanOptimizer() = default;

void PlanOptimizer::AddStructureTerm(VOITerm* pST) {
  problem_->add(static_cast<KLDivTerm*>(pST));
  for (int level = 0; level < PlanPyramid::MAX_SCALES; ++level) {
    VOITerm* next = level + 1 < PlanPyramid::MAX_SCALES ? pST->Clone() : nullptr;
    GetPrescription(level)->AddStructureTerm(pST);
    pST = next;
  }
}

void PlanOptimizer::GetInitStateVector(CVectorN<>& vInit) {
  vInit.SetDim(pyramid_.GetPlan(PlanPyramid::MAX_SCALES - 1)->GetTotalBeamletCount());
  for (int i = 0; i < vInit.GetDim(); ++i) vInit[i] = 0.001;
}

void PlanOptimizer::InvFilterStateVector(int nScale, const CVectorN<>& vIn, CVectorN<>& vOut) {
  const auto fine = static_cast<std::uint32_t>(nScale - 1);
  Eigen::VectorXd weights(vIn.GetDim());
  for (int i = 0; i < vIn.GetDim(); ++i) weights[i] = vIn[i];
  rtmodel::Pyramid& pyramid = problem_->pyramid();
  weights = rtmodel::mirrored(weights, pyramid.grids(fine + 1));
  weights = rtmodel::mirrored(pyramid.carry_down(weights, fine + 1, fine), pyramid.grids(fine));
  vOut.SetDim(static_cast<int>(weights.size()));
  for (int i = 0; i < vOut.GetDim(); ++i) vOut[i] = weights[i];
}

bool PlanOptimizer::Optimize(CVectorN<>& vInit, OptimizerCallback* pFunc, void* pParam) {
  GetPyramid()->CalcPencilSubBeamlets();
  for (int level = 1; level < PlanPyramid::MAX_SCALES; ++level) GetPrescription(level)->UpdateTerms(GetPrescription(0));
  GetInitStateVector(vInit);
  for (int level = PlanPyramid::MAX_SCALES - 1; level >= 0; --level) {
    GetPrescription(level)->UpdateHistogramRegions();
    GetOptimizer(level)->SetCallback(pFunc, pParam);
    GetPrescription(level)->InvTransform(&vInit);
    GetOptimizer(level)->minimize(vInit.GetVnlVector());
    CVectorN<> reached(vInit);
    GetPrescription(level)->Transform(&reached);
    if (level > 0) {
      InvFilterStateVector(level, reached, vInit);
    } else {
      vInit = reached;
    }
  }
  return true;
}

}  // namespace dH
