#include "shipped/two_sided_search.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rtmodel {
namespace {

constexpr double kGolden = 1.618033988749895;
constexpr double kGoldenRest = 0.381966011250105;
/// A parabola's minimum is believed this many brackets away.
constexpr double kFarthest = 100.0;
constexpr double kFlatParabola = 1e-14;
constexpr double kNearestPoint = 1e-7;
constexpr double kRelativeTolerance = 1e-8;
/// dH has no limit; no search comes near it.
constexpr int kMostSteps = 1000;

struct Point {
  double step;
  double value;
};

struct Bracket {
  Point low;     // steps ascend
  Point middle;  // lowest, unless values tie
  Point high;
};

Bracket ordered(Point a, Point b, Point c) {
  if (a.step > c.step) std::swap(a, c);
  return {a, b, c};
}

/// Where the parabola through three points has its turning point, relative to b.
double turning_point(const Point& a, const Point& b, const Point& c) {
  const double left = (b.step - a.step) * (b.value - c.value);
  const double right = (b.step - c.step) * (b.value - a.value);
  double width = 2.0 * (right - left);
  if (std::abs(width) < kFlatParabola) width = std::copysign(kFlatParabola, width);
  return -((b.step - c.step) * right - (b.step - a.step) * left) / width;
}

/// The next step to try from three points that go downhill, not too near to b and c.
double extrapolated(const Point& a, const Point& b, const Point& c) {
  const double nearest = kNearestPoint * (1.0 + std::max(std::abs(b.step), std::abs(c.step)));
  double shift = turning_point(a, b, c);
  if (std::abs(shift) < nearest) shift = std::copysign(nearest, shift);
  const double step = b.step + shift;
  if (std::abs(step - c.step) >= nearest) return step;
  return step >= c.step ? step + nearest : step - nearest;
}

Bracket bracket(const std::function<Point(double)>& at) {
  Point a = at(-1.0);
  Point b = at(1.0);
  if (b.value > a.value) std::swap(a, b);
  Point c = at(b.step + kGolden * (b.step - a.step));
  for (int i = 0; i < kMostSteps && c.value < b.value; ++i) {
    const double step = extrapolated(a, b, c);
    const double limit = b.step + kFarthest * (c.step - b.step);
    const double golden = c.step + kGolden * (c.step - b.step);
    Point next{};
    if ((step - b.step) * (c.step - step) > 0.0) {
      next = at(step);
      if (next.value < c.value) return ordered(b, next, c);
      if (next.value > b.value) return ordered(a, b, next);
      next = at(golden);
    } else if ((step - c.step) * (limit - step) > 0.0) {
      next = at(step);
      if (next.value > c.value) return ordered(b, c, next);
    } else {
      next = at((limit - c.step) * (step - limit) >= 0.0 ? limit : golden);
    }
    a = b;
    b = c;
    c = next;
  }
  return ordered(a, b, c);
}

/// Brent's method, from the three values of a bracket.
class Brent {
 public:
  Brent(const Bracket& bracket, double tolerance)
      : low_(bracket.low.step), high_(bracket.high.step), best_(bracket.middle), tolerance_(tolerance) {
    second_ = bracket.low.value < bracket.high.value ? bracket.low : bracket.high;
    third_ = bracket.low.value < bracket.high.value ? bracket.high : bracket.low;
    const double below = best_.step - low_;
    const double above = high_ - best_.step;
    move_ = std::min(below, above);
    move_before_ = std::max(below, above);
  }

  bool is_done() const { return std::abs(best_.step - centre()) <= 2.0 * spacing() - 0.5 * (high_ - low_); }

  double next_step() {
    if (!take_parabola()) {
      move_before_ = (best_.step < centre() ? high_ : low_) - best_.step;
      move_ = kGoldenRest * move_before_;
    }
    const double apart = std::abs(move_) >= spacing() ? move_ : (move_ > 0.0 ? spacing() : -spacing());
    return best_.step + apart;
  }

  void note(const Point& point) {
    const bool is_below = point.step < best_.step;
    if (point.value <= best_.value) {
      (is_below ? high_ : low_) = best_.step;
      third_ = std::exchange(second_, std::exchange(best_, point));
      return;
    }
    (is_below ? low_ : high_) = point.step;
    if (point.value <= second_.value || second_.step == best_.step) {
      third_ = std::exchange(second_, point);
    } else if (point.value <= third_.value || third_.step == best_.step || third_.step == second_.step) {
      third_ = point;
    }
  }

  const Point& best() const { return best_; }

 private:
  double centre() const { return 0.5 * (low_ + high_); }
  double spacing() const { return kRelativeTolerance * std::abs(best_.step) + tolerance_; }

  /// Moves to the minimum of the parabola through the best three points when it lies inside and moves shrink.
  bool take_parabola() {
    if (std::abs(move_before_) <= spacing()) return false;
    const double r = (best_.step - second_.step) * (best_.value - third_.value);
    const double q = (best_.step - third_.step) * (best_.value - second_.value);
    double numerator = (best_.step - third_.step) * q - (best_.step - second_.step) * r;
    double denominator = 2.0 * (q - r);
    if (denominator > 0.0) numerator = -numerator;
    denominator = std::abs(denominator);
    const double before = std::exchange(move_before_, move_);
    const bool is_inside =
        numerator > denominator * (low_ - best_.step) && numerator < denominator * (high_ - best_.step);
    if (!is_inside || !(std::abs(numerator) < std::abs(0.5 * denominator * before))) return false;
    move_ = numerator / denominator;
    const double step = best_.step + move_;
    if (step - low_ < 2.0 * spacing() || high_ - step < 2.0 * spacing()) {
      move_ = best_.step < centre() ? spacing() : -spacing();
    }
    return true;
  }

  double low_;
  double high_;
  Point best_;
  Point second_{};
  Point third_{};
  double move_;
  double move_before_;
  double tolerance_;
};

}  // namespace

LineMinimum minimise_both_ways(const std::function<double(double)>& value, double tolerance) {
  const std::function<Point(double)> at = [&](double step) { return Point{step, value(step)}; };
  Brent brent(bracket(at), tolerance);
  for (int i = 0; i < kMostSteps && !brent.is_done(); ++i) brent.note(at(brent.next_step()));
  return {brent.best().step, brent.best().value};
}

}  // namespace rtmodel
