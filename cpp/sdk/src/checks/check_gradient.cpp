#include <algorithm>
#include <cmath>

#include "checks/check_parts.h"
#include "checks/slopes.h"
#include "features/guarded.h"

namespace dh_advisor {
namespace {

/// Agreement: an objective may hold parts fixed that its gradient leaves out, so that a factor of two is no fault.
constexpr double kAgreement = 2.0;
/// A named fault explains a measurement within this factor; each fault more must explain better by the second.
constexpr double kExplains = 1.6;
constexpr double kCostOfAnother = 1.2;
constexpr double kUnlikely = 5.0;

struct Unit {
  double factor;  ///< Measured over sent.
  const char* words;
};

const Unit kUnits[] = {{1.0, ""},
                       {100.0, "is 100 times too small (per 100 Gy for per Gy?)"},
                       {0.01, "is 100 times too large (Gy/100 for Gy?)"},
                       {10.0, "is 10 times too small (per mm for per cm?)"},
                       {0.1, "is 10 times too large (per cm for per mm?)"},
                       {1e4, "is 10,000 times too small"},
                       {1e-4, "is 10,000 times too large"}};

struct Explanation {
  CheckFault fault = CheckFault::kNone;
  std::string words;
  double error = 1.0;  ///< Factor between what it predicts and what was measured; at least 1.
};

double factor_between(double a, double b) {
  if (!(a * b > 0.0)) return 1e300;
  return std::max(a / b, b / a);
}

double ratio_of(const Slopes& slopes) { return slopes.measured / slopes.predicted; }
double ratio_if_parameters(const Slopes& slopes) { return slopes.predicted_if_parameters / slopes.predicted; }

Explanation explain(bool is_turned, bool is_space, const Unit& unit, const Slopes& all, const Slopes& part) {
  const auto error = [&](const Slopes& slopes) {
    const double expected = (is_turned ? -1.0 : 1.0) * unit.factor * (is_space ? ratio_if_parameters(slopes) : 1.0);
    return factor_between(ratio_of(slopes), expected);
  };
  Explanation result;
  result.error = std::max(error(all), error(part));
  const auto add = [&result](CheckFault fault, const char* words) {
    if (result.fault == CheckFault::kNone) {
      result.fault = fault;
    } else {
      result.error *= kCostOfAnother;
      result.words += ", and ";
    }
    result.words += words;
  };
  if (is_turned) add(CheckFault::kSign, "has the wrong sign: it points downhill");
  if (is_space) add(CheckFault::kSpace, "is dF/dx and must be dF/dw: divide it by dw/dx = s w (1 - w/W)");
  if (unit.factor != 1.0) add(CheckFault::kUnit, unit.words);
  return result;
}

/// Two faults that nearly undo each other explain a small difference, and are none.
bool cancel(bool is_space, const Unit& unit, const Slopes& all) {
  return is_space && unit.factor != 1.0 && factor_between(unit.factor * ratio_if_parameters(all), 1.0) < kUnlikely;
}

/// All single and combined faults, the best explanation first.
std::vector<Explanation> explanations(const Slopes& all, const Slopes& part) {
  std::vector<Explanation> found;
  for (const bool is_space : {false, true})
    for (const Unit& unit : kUnits)
      for (const bool is_turned : {false, true})
        if ((is_turned || is_space || unit.factor != 1.0) && !cancel(is_space, unit, all))
          found.push_back(explain(is_turned, is_space, unit, all, part));
  std::stable_sort(found.begin(), found.end(),
                   [](const Explanation& a, const Explanation& b) { return a.error < b.error; });
  return found;
}

void diagnose(SlopeTest& test, const Slopes& all, CheckResult& result) {
  const Slopes part = test.measure_part(all.step);
  const double ratio = ratio_of(all);
  const double of_part = ratio_of(part);
  const double sent_over_measured = ratio != 0.0 ? 1.0 / ratio : 0.0;
  const std::string measured = "; along it the objective changes " + in_words(ratio) + " times as fast as it says";
  const auto found = explanations(all, part);
  if (found[0].error <= kExplains) {
    std::string words = "the gradient " + found[0].words;
    // Where all weights are alike, dF/dx is a constant factor, too.
    if (found[1].error <= std::min(kExplains, 1.3 * found[0].error)) words += "; or it " + found[1].words;
    fail(result, found[0].fault, "gradient", words + measured, sent_over_measured);
  } else if (factor_between(ratio, of_part) <= kExplains) {
    fail(result, ratio < 0.0 ? CheckFault::kSign : CheckFault::kUnit, "gradient",
         "the gradient is off by a constant factor" + measured, sent_over_measured);
  } else {
    fail(result, CheckFault::kNotTheGradient, "gradient",
         "this is not the gradient of this objective" + measured + ", and " + in_words(of_part) +
             " times along a part of it: check the order of beamlets, and that gradient and weights are of one point",
         sent_over_measured);
  }
}

bool agrees(const Slopes& slopes) { return factor_between(slopes.measured, slopes.predicted) <= kAgreement; }

/// Where s and W make dw/dx about 1, dF/dx passes for dF/dw; then the part must agree, too, and better so.
bool is_parameters(SlopeTest& test, const Slopes& all) {
  if (factor_between(all.predicted_if_parameters, all.predicted) > kAgreement * kAgreement) return false;
  const Slopes part = test.measure_part(all.step);
  const auto error = [&](double expected_all, double expected_part) {
    return factor_between(all.measured, expected_all) * factor_between(part.measured, expected_part);
  };
  return error(all.predicted, part.predicted) >
         kExplains * error(all.predicted_if_parameters, part.predicted_if_parameters);
}

void run(SlopeTest& test, CheckResult& result) {
  if (!test.has_direction()) {
    result.finding = "the gradient is zero wherever weights can move: nothing to compare";
    return;
  }
  Slopes slopes = test.measure(kWideStep);
  if (std::isfinite(slopes.measured) && !agrees(slopes)) {
    const Slopes wide = slopes;
    slopes = test.measure(kNarrowStep);
    const bool is_steady = factor_between(wide.measured, slopes.measured) <= kAgreement || wide.measured == 0.0;
    if (!agrees(slopes) && !(slopes.is_measurable && is_steady)) {
      result.finding = "the objective is too rough or too flat here to measure its slope: " + in_words(wide.measured) +
                       " with a wide step, " + in_words(slopes.measured) +
                       " with a narrow one; take a point that is no solution yet";
      return;
    }
  }
  if (!std::isfinite(slopes.measured)) {
    result.finding = "the objective is not finite beside the weights";
    return;
  }
  if (!agrees(slopes)) {
    diagnose(test, slopes, result);
    return;
  }
  result.ratio = slopes.predicted / slopes.measured;
  result.outcome = CheckOutcome::kPassed;
  if (is_parameters(test, slopes))
    fail(result, CheckFault::kSpace, "gradient", "the gradient is dF/dx and must be dF/dw: divide it by dw/dx",
         result.ratio);
}

}  // namespace

Status check_gradient(const GradientCheckInput& input, CheckResult& result) {
  result = {};
  return guarded("check_gradient", [&] {
    SlopeTest test(input);
    CheckResult found;
    run(test, found);
    found.value_calls = test.value_calls();
    result = std::move(found);
  });
}

}  // namespace dh_advisor
