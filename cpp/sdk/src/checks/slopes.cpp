#include "checks/slopes.h"

#include <algorithm>
#include <cmath>

#include "features/guarded.h"

namespace dh_advisor {
namespace {

/// Fractions of the ceiling are kept this far from 0 and 1 before the sigmoid is inverted, as optimizers do.
constexpr double kFractionMargin = 1e-4;
/// A difference of values below this share of them is rounding; a predicted one above the second is no rounding.
constexpr double kRounding = 1e-11;
constexpr double kCertain = 1e-6;

void check_own_input(const GradientCheckInput& input) {
  require(static_cast<bool>(input.objective), "objective is no function");
  require(input.space == DirectionSpace::kWeights || input.space == DirectionSpace::kParameters,
          "space is neither weights nor parameters");
  require(input.beamlet_count > 0, "beamlet_count is 0");
  require(input.weights != nullptr, "weights is null");
  require(input.gradient != nullptr, "gradient is null");
  require(input.weight_ceiling > 0.0 && std::isfinite(input.weight_ceiling),
          "weight_ceiling must be positive and finite");
  require(input.weight_steepness > 0.0 && std::isfinite(input.weight_steepness),
          "weight_steepness must be positive and finite");
  for (std::size_t i = 0; i < input.beamlet_count; ++i) {
    if (!(input.weights[i] >= 0.0 && input.weights[i] <= input.weight_ceiling))
      throw InputMistake{"weights[" + std::to_string(i) + "] is not in [0, weight_ceiling]; are these parameters?"};
    if (!std::isfinite(input.gradient[i])) throw InputMistake{"gradient[" + std::to_string(i) + "] is not finite"};
  }
}

}  // namespace

SlopeTest::SlopeTest(const GradientCheckInput& input) : input_(input) {
  check_own_input(input);
  const std::size_t n = input.beamlet_count;
  slope_.resize(n);
  direction_.resize(n);
  double longest = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const double w = input.weights[i];
    slope_[i] = input.weight_steepness * w * (1.0 - w / input.weight_ceiling);
    direction_[i] = slope_[i] * input.gradient[i];
    longest = std::max(longest, std::fabs(direction_[i]));
  }
  has_direction_ = longest > 0.0 && std::isfinite(longest);
  if (!has_direction_) return;
  for (double& component : direction_) component /= longest * input.weight_steepness;
}

double SlopeTest::value_at(double step, const std::vector<double>& direction) {
  std::vector<double> at(direction.size());
  for (std::size_t i = 0; i < at.size(); ++i) {
    if (input_.space == DirectionSpace::kWeights) {
      at[i] = std::clamp(input_.weights[i] + step * slope_[i] * direction[i], 0.0, input_.weight_ceiling);
      continue;
    }
    const double fraction =
        std::clamp(input_.weights[i] / input_.weight_ceiling, kFractionMargin, 1.0 - kFractionMargin);
    at[i] = std::log(fraction / (1.0 - fraction)) / input_.weight_steepness + step * direction[i];
  }
  ++value_calls_;
  return input_.objective(at.data(), at.size());
}

Slopes SlopeTest::measure(double step, const std::vector<double>& direction) {
  Slopes slopes;
  slopes.step = step;
  for (std::size_t i = 0; i < direction.size(); ++i) {
    slopes.predicted += input_.gradient[i] * slope_[i] * direction[i];
    slopes.predicted_if_parameters += input_.gradient[i] * direction[i];
  }
  const double ahead = value_at(step, direction);
  const double behind = value_at(-step, direction);
  slopes.measured = (ahead - behind) / (2.0 * step);
  const double size = std::fabs(ahead) + std::fabs(behind);
  slopes.is_measurable =
      std::fabs(ahead - behind) > kRounding * size || std::fabs(2.0 * step * slopes.predicted) > kCertain * size;
  return slopes;
}

Slopes SlopeTest::measure_part(double step) {
  std::vector<std::size_t> movable;
  for (std::size_t i = 0; i < direction_.size(); ++i)
    if (direction_[i] != 0.0) movable.push_back(i);
  std::stable_sort(movable.begin(), movable.end(), [this](std::size_t a, std::size_t b) {
    return slope_[a] < slope_[b] || (slope_[a] == slope_[b] && a % 2 < b % 2);
  });
  std::vector<double> part(direction_.size(), 0.0);
  for (std::size_t k = 0; k < (movable.size() + 1) / 2; ++k) part[movable[k]] = direction_[movable[k]];
  return measure(step, part);
}

}  // namespace dh_advisor
