#pragma once

#include <functional>
#include <optional>

namespace rtmodel {

struct LineMinimum {
  double step = 0.0;  ///< 0 when no lower point was found.
  double value = 0.0;
};

struct LineSearchLimits {
  double first_step = 1.0;
  double longest_step = 20.0;
  /// Value at `first_step`, when it is known already.
  std::optional<double> first_value;
};

/// dH's line minimisation: steps growing by the golden ratio until the value rises, then Brent's method inside.
/// `value(0)` is `value_at_zero`; every other value costs a call. A value that is not finite counts as high.
LineMinimum minimise_along(const std::function<double(double)>& value, double value_at_zero,
                           const LineSearchLimits& limits);

}  // namespace rtmodel
