#pragma once

#include <memory>

#include "Plan.h"

namespace dH {

class VOITerm {
 public:
  VOITerm(Structure* pStructure, REAL weight) : structure_(pStructure), weight_(weight) {}
  virtual ~VOITerm() = default;
  Structure* GetVOI() { return structure_; }
  REAL GetWeight() const { return weight_; }
  virtual VOITerm* Clone() = 0;

 private:
  Structure* structure_;
  REAL weight_;
};

class KLDivTerm : public VOITerm {
 public:
  KLDivTerm(Structure* pStructure, REAL weight) : VOITerm(pStructure, weight) {}
  const CMatrixNxM<>& GetDVPs() const { return points_; }
  void SetDVPs(const CMatrixNxM<>& points) { points_ = points; }
  REAL GetMinDose() const { return points_[0][0]; }
  VOITerm* Clone() override { return new KLDivTerm(*this); }

 private:
  CMatrixNxM<> points_;
};

}  // namespace dH
