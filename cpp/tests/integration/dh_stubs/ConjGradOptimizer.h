#pragma once

#include <functional>

#include "Prescription.h"
#include "iteration_hook.h"

class DynamicCovarianceOptimizer;
typedef BOOL OptimizerCallback(DynamicCovarianceOptimizer* pOpt, void* pParam);

class vnl_nonlinear_minimizer {
 public:
  enum ReturnCodes {
    ERROR_FAILURE = -1,
    CONVERGED_XTOL = 2,
    FAILED_TOO_MANY_ITERATIONS = 5,
    FAILED_USER_REQUEST = 8,
  };
  double get_x_tolerance() const { return tolerance_; }
  void set_x_tolerance(double tolerance) { tolerance_ = tolerance; }
  int get_num_iterations() const { return static_cast<int>(num_iterations_); }

 protected:
  double tolerance_ = 1e-3;
  long num_iterations_ = 0;
};

class DynamicCovarianceOptimizer : public vnl_nonlinear_minimizer {
 public:
  explicit DynamicCovarianceOptimizer(DynamicCovarianceCostFunction* pFunc) : m_pCostFunction(pFunc) {}
  ReturnCodes minimize(vnl_vector<REAL>& vInit);
  void SetAdaptiveVariance(bool bCalcVar, REAL varMin, REAL varMax);
  void PrepareAdaptiveVariance(int nDim) { InitializeDynamicCovariance(nDim); }
  void SetCallback(OptimizerCallback* pCallback, void* pParam = NULL) {
    m_pCallbackFunc = pCallback;
    m_pCallbackParam = pParam;
  }
  REAL GetFinalValue() const { return m_FinalValue; }
  const CVectorN<>& GetAdaptiveVariance() const { return m_vAdaptVariance; }

  // [guide: setters]
  void SetAdvice(const dh_adapter::OptimizerAdvice& advice) { m_advice = advice; }
  const dh_adapter::OptimizerCounts& GetCounts() const { return m_counts; }
  REAL GetVarMin() const { return m_varMin; }
  REAL GetVarMax() const { return m_varMax; }
  // [end]

 private:
  void InitializeDynamicCovariance(int nDim);
  REAL Value(const vnl_vector<REAL>& x);
  void Gradient(const vnl_vector<REAL>& x, REAL* pValue, vnl_vector<REAL>& grad);

  DynamicCovarianceCostFunction* m_pCostFunction;
  REAL m_FinalValue = 0.0;
  vnl_vector<REAL> m_FinalParameter;
  vnl_vector<REAL> m_vGrad;
  vnl_vector<REAL> m_vLambdaScaled;
  REAL m_varMin = 0.0, m_varMax = 0.0;
  CVectorN<> m_vAdaptVariance;
  OptimizerCallback* m_pCallbackFunc = nullptr;
  void* m_pCallbackParam = nullptr;
  // [guide: members]
  dh_adapter::OptimizerAdvice m_advice;
  dh_adapter::OptimizerCounts m_counts;
  // [end]
};
