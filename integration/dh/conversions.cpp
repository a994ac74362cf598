#include "conversions.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace dh_adapter {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kTurnDeg = 360.0;
constexpr double kQuarterTurnDeg = 90.0;

double wrapped(double angle, double turn) {
  const double rest = std::fmod(angle, turn);
  const double positive = rest < 0.0 ? rest + turn : rest;
  return positive < turn ? positive : 0.0;
}

double fraction_at(double parameter, double steepness) { return 1.0 / (1.0 + std::exp(-steepness * parameter)); }

}  // namespace

double sigma_gy_of_upper_variance(double upper_variance) {
  return std::sqrt(gy2_of(upper_variance) / kUpperBoundInSigma2);
}

std::uint32_t wire_number(int number) {
  return number < 0 ? (std::numeric_limits<std::uint32_t>::max)() : static_cast<std::uint32_t>(number);
}

double gantry_deg_of(double gantry_rad) { return wrapped(gantry_rad * 180.0 / kPi - kQuarterTurnDeg, kTurnDeg); }

double gantry_rad_of(double gantry_deg) { return wrapped(gantry_deg + kQuarterTurnDeg, kTurnDeg) * kPi / 180.0; }

Sigmoid sigmoid_from(double transform_at_zero, double slope_at_zero) {
  const double ceiling = 2.0 * transform_at_zero;
  return {ceiling, 4.0 * slope_at_zero / ceiling};
}

double weight_of(double parameter, Sigmoid sigmoid) {
  return sigmoid.ceiling * fraction_at(parameter, sigmoid.steepness);
}

double parameter_of(double weight, Sigmoid sigmoid) {
  const double fraction = std::clamp(weight / sigmoid.ceiling, kFractionMargin, 1.0 - kFractionMargin);
  return std::log(fraction / (1.0 - fraction)) / sigmoid.steepness;
}

std::vector<double> mirrored(std::vector<double> values, int columns) {
  const auto width = static_cast<std::ptrdiff_t>(columns);
  if (width <= 0 || static_cast<std::ptrdiff_t>(values.size()) % width != 0) return values;
  for (auto first = values.begin(); first != values.end(); first += width) std::reverse(first, first + width);
  return values;
}

std::vector<double> weights_from(const std::vector<double>& parameters, Sigmoid sigmoid, int columns) {
  std::vector<double> weights(parameters);
  for (double& value : weights) value = weight_of(value, sigmoid);
  return mirrored(std::move(weights), columns);
}

std::vector<double> parameters_from(const std::vector<double>& weights, Sigmoid sigmoid, int columns) {
  std::vector<double> parameters(weights);
  for (double& value : parameters) value = parameter_of(value, sigmoid);
  return mirrored(std::move(parameters), columns);
}

std::vector<double> gradient_from_prescription(const std::vector<double>& gradient,
                                               const std::vector<double>& parameters, Sigmoid sigmoid, int columns) {
  std::vector<double> uphill(gradient);
  for (double& value : uphill) value = -value;
  return gradient_from_optimizer(uphill, parameters, sigmoid, columns);
}

std::vector<double> gradient_from_optimizer(const std::vector<double>& gradient, const std::vector<double>& parameters,
                                            Sigmoid sigmoid, int columns) {
  std::vector<double> by_weight(gradient);
  for (std::size_t i = 0; i < by_weight.size(); ++i) {
    const double fraction = fraction_at(parameters[i], sigmoid.steepness);
    const double slope = (std::max)(fraction * (1.0 - fraction), kLeastSlope);
    by_weight[i] /= sigmoid.ceiling * sigmoid.steepness * slope;
  }
  return mirrored(std::move(by_weight), columns);
}

std::vector<double> variances_gy2_from(const std::vector<double>& variances, int columns) {
  std::vector<double> result(variances);
  for (double& value : result) value = gy2_of(value);
  return mirrored(std::move(result), columns);
}

std::vector<double> variances_from(const std::vector<double>& variances_gy2, double lower, double upper, int columns) {
  std::vector<double> result(variances_gy2);
  for (double& value : result) value = std::clamp(variance_of(value), lower, upper);
  return mirrored(std::move(result), columns);
}

}  // namespace dh_adapter
