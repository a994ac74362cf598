#pragma once

#include <algorithm>
#include <cmath>

/// The sigmoid between dH's unbounded parameters x and beamlet weights w = W / (1 + exp(-s x)).
namespace rtmodel {

constexpr double kWeightCeiling = 0.2;
constexpr double kWeightSteepness = 0.5;
/// Fractions of the ceiling are kept this far from 0 and 1 before the sigmoid is inverted.
constexpr double kFractionMargin = 1e-4;
constexpr double kLowestWeight = kFractionMargin * kWeightCeiling;
constexpr double kHighestWeight = (1.0 - kFractionMargin) * kWeightCeiling;

inline double weight_of(double parameter) { return kWeightCeiling / (1.0 + std::exp(-kWeightSteepness * parameter)); }

/// dw/dx at a weight.
inline double weight_slope(double weight) { return kWeightSteepness * weight * (1.0 - weight / kWeightCeiling); }

inline double clamp_weight(double weight) { return std::clamp(weight, kLowestWeight, kHighestWeight); }

/// The parameter of a weight; weights at or beyond the margins are clamped to them.
inline double parameter_of(double weight) {
  const double fraction = clamp_weight(weight) / kWeightCeiling;
  return std::log(fraction / (1.0 - fraction)) / kWeightSteepness;
}

}  // namespace rtmodel
