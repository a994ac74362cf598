#pragma once

#include <Eigen/Core>
#include <functional>
#include <limits>

namespace rtmodel {

/// A point of a line search.
struct SearchPoint {
  Eigen::VectorXd position;
  Eigen::VectorXd gradient;
  double value = 0.0;
};

struct WolfeLimits {
  double longest_step = std::numeric_limits<double>::infinity();  ///< At least 1 is tried if it allows.
  double curvature = 0.9;
  int trials = 20;
};

/// Value at a position; fills the gradient.
using ValueAndGradient = std::function<double(const Eigen::VectorXd& position, Eigen::VectorXd& gradient)>;

/// LBFGSpp's More-Thuente search for the strong Wolfe conditions along a direction, from step 1. Where it gives up, the
/// lowest point it saw counts. False, with `point` untouched, when the direction does not descend or nothing was lower.
bool search_wolfe(const ValueAndGradient& function, const Eigen::VectorXd& direction, const WolfeLimits& limits,
                  SearchPoint& point);

}  // namespace rtmodel
