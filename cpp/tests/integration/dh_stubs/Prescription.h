#pragma once

#include <map>
#include <memory>

#include "KLDivTerm.h"

namespace dH_stub {
class LevelF;
}

class DynamicCovarianceCostFunction {
 public:
  virtual ~DynamicCovarianceCostFunction() = default;
  virtual REAL operator()(const CVectorN<>& vInput, CVectorN<>* pGrad = NULL) const = 0;
  void SetAdaptiveVariance(CVectorN<>* pAV, REAL, REAL) { m_pAV = pAV; }

 protected:
  CVectorN<>* m_pAV = nullptr;
};

namespace dH {

class Prescription : public DynamicCovarianceCostFunction {
 public:
  explicit Prescription(std::shared_ptr<dH_stub::LevelF> f);
  VOITerm* GetStructureTerm(Structure* pStruct);
  void AddStructureTerm(VOITerm* pST);
  void UpdateTerms(Prescription* pPresc);
  void SetGBinVar(REAL varMin, REAL varMax);
  void UpdateHistogramRegions() {}
  REAL operator()(const CVectorN<>& vInput, CVectorN<>* pGrad = NULL) const override;
  void Transform(CVectorN<>* pvInOut) const;
  void dTransform(CVectorN<>* pvInOut) const;
  void InvTransform(CVectorN<>* pvInOut) const;

  /// As a dH would be that has fixed the sign of its gradient.
  bool gradient_points_uphill = false;

 private:
  std::shared_ptr<dH_stub::LevelF> f_;
  std::map<Structure*, std::unique_ptr<VOITerm>> terms_;
  REAL var_max_ = 0.0;
};

}  // namespace dH
