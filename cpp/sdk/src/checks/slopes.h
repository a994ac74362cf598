#pragma once

#include <vector>

#include "dh_advisor/checks.h"

namespace dh_advisor {

/// Steps of the parameters, in units of 1 / s; the narrow one tells a rough objective from a wrong gradient.
constexpr double kWideStep = 0.02;
constexpr double kNarrowStep = 0.0025;

/// Directional derivatives of the objective along the gradient's own direction.
struct Slopes {
  double step = 0.0;
  double predicted = 0.0;                ///< If what is sent is dF/dw; positive.
  double predicted_if_parameters = 0.0;  ///< If it is dF/dx; positive.
  double measured = 0.0;                 ///< By central differences.
  bool is_measurable = false;            ///< The difference is above rounding, or should have been.
};

/// Moves the weights along the gradient, as far as the sigmoid lets each move, and measures. Throws InputMistake.
class SlopeTest {
 public:
  explicit SlopeTest(const GradientCheckInput& input);

  bool has_direction() const { return has_direction_; }
  /// Two values each. The part is the half of the beamlets whose weights move least easily, by which dF/dx and a
  /// constant factor differ most.
  Slopes measure(double step) { return measure(step, direction_); }
  Slopes measure_part(double step);
  std::uint32_t value_calls() const { return value_calls_; }

 private:
  Slopes measure(double step, const std::vector<double>& direction);
  double value_at(double step, const std::vector<double>& direction);

  const GradientCheckInput& input_;
  std::vector<double> slope_;      ///< dw/dx.
  std::vector<double> direction_;  ///< Of the parameters; the longest component is 1 / s.
  bool has_direction_ = false;
  std::uint32_t value_calls_ = 0;
};

}  // namespace dh_advisor
