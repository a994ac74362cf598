#pragma once

#include <vector>

/// What dH's inner optimizer, `DynamicCovarianceOptimizer`, is told by the adapter and tells it. Needs no header of dH
/// or of the client library, so that `ConjGradOptimizer.h` can include it. `README.md` says where each goes.
namespace dh_adapter {

/// Counted by the optimizer from the start of a level.
struct OptimizerCounts {
  int values = 0;     ///< Evaluations of F alone.
  int gradients = 0;  ///< Evaluations with a gradient.
};

/// Where the optimizer is after an iteration that goes on, all of one point. Borrowed for the call; dH's own units,
/// order and sign.
struct IterationState {
  int iteration = 0;                   ///< `num_iterations_`, from 0 in the level.
  int count = 0;                       ///< Parameters.
  double value = 0.0;                  ///< `m_FinalValue`, after the variance changed.
  const double* parameters = nullptr;  ///< `m_FinalParameter`
  const double* gradient = nullptr;    ///< `m_vGrad`, as it is used: times -1.
  const double* variances = nullptr;   ///< `m_vAdaptVariance`
  double step_length = 0.0;            ///< Length of `m_vLambdaScaled`.
  OptimizerCounts counts;
};

/// Called once an iteration, after the gradient.
class IterationHook {
 public:
  virtual ~IterationHook() = default;
  /// False ends the level as a callback's FALSE does. Throws nothing.
  virtual bool after_gradient(const IterationState& state) noexcept = 0;
};

/// For the next `minimize`. As it is made, it changes nothing.
struct OptimizerAdvice {
  IterationHook* hook = nullptr;
  /// In force for the level when not empty, in dH's unit: then the variance is not updated. Of the level's length.
  std::vector<double> variances;
  /// 0 = dH's own.
  int iteration_limit = 0;
};

}  // namespace dh_adapter
