#include "solver/wolfe_search.h"

#include <LBFGSpp/LineSearchMoreThuente.h>

#include <algorithm>
#include <cmath>
#include <exception>

namespace rtmodel {

bool search_wolfe(const ValueAndGradient& function, const Eigen::VectorXd& direction, const WolfeLimits& limits,
                  SearchPoint& point) {
  if (!(direction.dot(point.gradient) < 0.0) || !(limits.longest_step > 0.0)) return false;
  SearchPoint lowest = point;
  auto watched = [&](const Eigen::VectorXd& position, Eigen::VectorXd& gradient) {
    const double value = function(position, gradient);
    if (value < lowest.value) lowest = {position, gradient, value};
    return value;
  };
  LBFGSpp::LBFGSBParam<double> parameters;
  parameters.wolfe = limits.curvature;
  parameters.max_linesearch = limits.trials;
  SearchPoint end = point;
  bool has_ended_well = true;
  try {
    const double longest = std::min(limits.longest_step, parameters.max_step);
    double step = std::min(1.0, longest);
    double slope = direction.dot(point.gradient);
    LBFGSpp::LineSearchMoreThuente<double>::LineSearch(watched, parameters, point.position, direction, longest, step,
                                                       end.value, end.gradient, slope, end.position);
  } catch (const std::exception&) {
    // LBFGSpp's way to say that it gave up.
    has_ended_well = false;
  }
  const bool takes_end = has_ended_well && end.value < point.value && std::isfinite(end.value);
  if (!takes_end && !(lowest.value < point.value)) return false;
  point = takes_end ? end : lowest;
  return true;
}

}  // namespace rtmodel
