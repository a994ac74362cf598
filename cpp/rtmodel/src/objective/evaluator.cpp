#include "objective/evaluator.h"

namespace rtmodel {

const Evaluator::Point* Evaluator::find(const Eigen::VectorXd& weights) const {
  for (const Point& point : last_) {
    if (point.weights.size() == weights.size() && point.weights == weights) return &point;
  }
  return nullptr;
}

double Evaluator::value(const Eigen::VectorXd& weights) {
  if (const Point* known = find(weights)) return known->value;
  const Stopwatch watch(counts_.objective_ms);
  ++counts_.value_calls;
  return objective_.value(weights);
}

double Evaluator::value_and_gradient(const Eigen::VectorXd& weights, Eigen::VectorXd& gradient) {
  const Point* point = find(weights);
  if (point == nullptr) {
    const Stopwatch watch(counts_.objective_ms);
    ++counts_.gradient_calls;
    Point& made = last_[oldest_];
    oldest_ = 1 - oldest_;
    made.value = objective_.value_and_gradient(weights, made.gradient);
    made.weights = weights;
    point = &made;
  }
  gradient = point->gradient;
  return point->value;
}

void Evaluator::set_variance(const Eigen::VectorXd& variance_gy2) {
  objective_.set_variance(variance_gy2);
  for (Point& point : last_) point.weights.resize(0);
}

}  // namespace rtmodel
