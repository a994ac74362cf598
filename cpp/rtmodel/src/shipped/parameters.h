#pragma once

#include <algorithm>
#include <cmath>

#include "objective/parameterization.h"

/// How dH inverts its sigmoid: it guards the upper end alone.
namespace rtmodel {

/// What dH puts in the place of a fraction of the ceiling of 1.
constexpr double kShippedHighestFraction = 1.0 - 1e-6;

/// The nearest weight that dH can start a level from. dH's own are above 0 and stay, however small; a weight of 0,
/// which only others have, becomes the lowest that the contract lets an optimizer invert.
inline double shipped_admitted(double weight) {
  return weight > 0.0 ? std::min(weight, kShippedHighestFraction * kWeightCeiling) : kLowestWeight;
}

/// The parameter of a weight above 0.
inline double shipped_parameter(double weight) {
  const double fraction = std::min(weight / kWeightCeiling, kShippedHighestFraction);
  return std::log(fraction / (1.0 - fraction)) / kWeightSteepness;
}

}  // namespace rtmodel
