#include "objective/evaluator.h"

namespace rtmodel {

double Evaluator::value(const Eigen::VectorXd& weights) {
  if (last_weights_.size() == weights.size() && last_weights_ == weights) return last_value_;
  const Stopwatch watch(counts_.objective_ms);
  ++counts_.value_calls;
  return objective_.value(weights);
}

double Evaluator::value_and_gradient(const Eigen::VectorXd& weights, Eigen::VectorXd& gradient) {
  if (last_weights_.size() != weights.size() || last_weights_ != weights) {
    const Stopwatch watch(counts_.objective_ms);
    ++counts_.gradient_calls;
    last_value_ = objective_.value_and_gradient(weights, last_gradient_);
    last_weights_ = weights;
  }
  gradient = last_gradient_;
  return last_value_;
}

void Evaluator::set_variance(const Eigen::VectorXd& variance_gy2) {
  objective_.set_variance(variance_gy2);
  last_weights_.resize(0);
}

}  // namespace rtmodel
