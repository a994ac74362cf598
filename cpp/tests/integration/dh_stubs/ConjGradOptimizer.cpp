#include "ConjGradOptimizer.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "shipped/covariance.h"
#include "shipped/two_sided_search.h"

namespace {

constexpr int ITER_MAX = 500;
constexpr double kGy2 = 10000.0;

using Eigen::VectorXd;

VectorXd from_vnl(const vnl_vector<REAL>& v) { return VectorXd::Map(v.data_block(), v.size()); }
void to_vnl(const VectorXd& from, vnl_vector<REAL>& v) {
  v.set_size(static_cast<unsigned>(from.size()));
  VectorXd::Map(v.data_block(), from.size()) = from;
}
CVectorN<> of_vnl(const vnl_vector<REAL>& v) {
  CVectorN<> made(static_cast<int>(v.size()));
  for (unsigned i = 0; i < v.size(); ++i) made[static_cast<int>(i)] = v[i];
  return made;
}

}  // namespace

void DynamicCovarianceOptimizer::SetAdaptiveVariance(bool, REAL varMin, REAL varMax) {
  m_varMin = varMin;
  m_varMax = varMax;
  m_pCostFunction->SetAdaptiveVariance(&m_vAdaptVariance, varMin, varMax);
}

void DynamicCovarianceOptimizer::InitializeDynamicCovariance(int nDim) {
  m_vAdaptVariance.SetDim(nDim);
  for (int i = 0; i < nDim; ++i) m_vAdaptVariance[i] = m_varMax;
  // [guide: variance]
  for (std::size_t i = 0; i < m_advice.variances.size(); ++i)
    m_vAdaptVariance[static_cast<int>(i)] = m_advice.variances[i];
  // [end]
  m_pCostFunction->SetAdaptiveVariance(&m_vAdaptVariance, m_varMin, m_varMax);
}

REAL DynamicCovarianceOptimizer::Value(const vnl_vector<REAL>& x) {
  ++m_counts.values;
  return (*m_pCostFunction)(of_vnl(x));
}

void DynamicCovarianceOptimizer::Gradient(const vnl_vector<REAL>& x, REAL* pValue, vnl_vector<REAL>& grad) {
  ++m_counts.gradients;
  CVectorN<> made;
  const REAL value = (*m_pCostFunction)(of_vnl(x), &made);
  if (pValue != nullptr) *pValue = value;
  grad = made.GetVnlVector();
}

vnl_nonlinear_minimizer::ReturnCodes DynamicCovarianceOptimizer::minimize(vnl_vector<REAL>& vInit) {
  const auto n = static_cast<int>(vInit.size());
  m_counts = {};
  InitializeDynamicCovariance(n);
  rtmodel::ShippedCovariance covariance;
  covariance.reset(n, {kGy2 * m_varMin, kGy2 * m_varMax});
  m_FinalParameter = vInit;
  Gradient(m_FinalParameter, &m_FinalValue, m_vGrad);
  VectorXd down = -from_vnl(m_vGrad);
  if (down.norm() < 1e-8) down.setOnes();
  VectorXd direction = down;
  // [guide: limit]
  // Never more than parameters: dH writes behind its matrices then.
  const int nParameters = static_cast<int>(vInit.size());
  const int nAllowed = m_advice.iteration_limit > 0 ? m_advice.iteration_limit : ITER_MAX;
  const int nLimit = nAllowed < nParameters ? nAllowed : nParameters;
  // [end]
  bool is_converged = false;
  ReturnCodes retCode = FAILED_TOO_MANY_ITERATIONS;
  for (num_iterations_ = 0; num_iterations_ < nLimit && !is_converged; ++num_iterations_) {
    const VectorXd start = from_vnl(m_FinalParameter);
    const VectorXd unit = direction.norm() > 0.0 ? VectorXd(direction / direction.norm()) : direction;
    vnl_vector<REAL> trial;
    const auto along = [&](double step) {
      to_vnl(start + step * unit, trial);
      return Value(trial);
    };
    auto found = rtmodel::minimise_both_ways(along, get_x_tolerance());
    if (!std::isfinite(found.step) || !std::isfinite(found.value)) found = {0.0, m_FinalValue};
    to_vnl(found.step * unit, m_vLambdaScaled);
    to_vnl(start + found.step * unit, m_FinalParameter);
    is_converged = 2.0 * std::abs(m_FinalValue - found.value) <=
                   get_x_tolerance() * (std::abs(m_FinalValue) + std::abs(found.value) + 1e-10);
    m_FinalValue = found.value;
    if (m_pCallbackFunc != nullptr && !m_pCallbackFunc(this, m_pCallbackParam)) {
      retCode = FAILED_USER_REQUEST;
      break;
    }
    if (m_advice.variances.empty()) {
      covariance.add_direction(unit);
      for (int i = 0; i < n; ++i) m_vAdaptVariance[i] = covariance.variance_gy2()[i] / kGy2;
      m_FinalValue = Value(m_FinalParameter);
    }
    const double square = down.squaredNorm();
    is_converged = is_converged || square == 0.0;
    if (is_converged) {
      retCode = CONVERGED_XTOL;
      continue;
    }
    const VectorXd before = down;
    Gradient(m_FinalParameter, nullptr, m_vGrad);
    down = -from_vnl(m_vGrad);
    direction = (down.squaredNorm() - before.dot(down)) / square * direction + down;
    to_vnl(down, m_vGrad);
    // [guide: hook]
    if (m_advice.hook != nullptr) {
      dh_adapter::IterationState state;
      state.iteration = static_cast<int>(num_iterations_);
      state.count = static_cast<int>(m_FinalParameter.size());
      state.value = m_FinalValue;
      state.parameters = m_FinalParameter.data_block();
      state.gradient = m_vGrad.data_block();
      state.variances = &m_vAdaptVariance[0];
      state.step_length = m_vLambdaScaled.magnitude();
      state.counts = m_counts;
      if (!m_advice.hook->after_gradient(state)) {
        retCode = FAILED_USER_REQUEST;
        break;
      }
    }
    // [end]
  }
  vInit = m_FinalParameter;
  return retCode;
}
