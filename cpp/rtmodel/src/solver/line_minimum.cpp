#include "solver/line_minimum.h"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

namespace rtmodel {
namespace {

constexpr double kGoldenGrowth = 1.618033988749895;
/// Binary digits of the step relative to the bracket. Boost's tolerance is absolute near zero, so that dH's 1e-3 of the
/// step itself needs some more, because steps may be much shorter than their bracket.
constexpr int kDigits = 16;
constexpr std::uintmax_t kMostBrentSteps = 60;

/// Remembers the lowest point seen.
class Probe {
 public:
  Probe(const std::function<double(double)>& value, double value_at_zero)
      : value_(value), lowest_{0.0, value_at_zero} {}

  double operator()(double step) {
    const double raw = value_(step);
    return note(step, std::isfinite(raw) ? raw : std::numeric_limits<double>::max());
  }

  double note(double step, double value) {
    if (value < lowest_.value) lowest_ = {step, value};
    return value;
  }

  LineMinimum lowest() const { return lowest_; }

 private:
  const std::function<double(double)>& value_;
  LineMinimum lowest_;
};

}  // namespace

LineMinimum minimise_along(const std::function<double(double)>& value, double value_at_zero,
                           const LineSearchLimits& limits) {
  Probe probe(value, value_at_zero);
  const double first = std::min(limits.first_step, limits.longest_step);
  const bool is_known = limits.first_value.has_value() && first == limits.first_step;
  double low = 0.0;
  double middle = first;
  double middle_value = is_known ? probe.note(first, *limits.first_value) : probe(first);
  double high = middle;
  double high_value = middle_value;
  if (middle_value < value_at_zero) {
    while (high < limits.longest_step) {
      high = std::min(middle + kGoldenGrowth * (middle - low), limits.longest_step);
      high_value = probe(high);
      if (high_value >= middle_value) break;
      low = middle;
      middle = high;
      middle_value = high_value;
    }
    if (low == high) return probe.lowest();
  }
  // Boost asks for the upper end first, which is known.
  const double scale = high;
  auto scaled = [&](double fraction) { return fraction >= 1.0 ? high_value : probe(fraction * scale); };
  std::uintmax_t steps = kMostBrentSteps;
  boost::math::tools::brent_find_minima(scaled, low / scale, 1.0, kDigits, steps);
  return probe.lowest();
}

}  // namespace rtmodel
