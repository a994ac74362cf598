// `check_gradient` on the optimizer's own objective: every level, several points, kernels and plans.
#include <gtest/gtest.h>

#include <functional>

#include "objective/objective.h"
#include "objective/parameterization.h"
#include "phantom/random.h"
#include "pyramid/pyramid.h"
#include "rtmodel/self_check/plans.h"

namespace rtmodel::testing {
namespace {

using dh_advisor::CheckFault;
using dh_advisor::CheckOutcome;
using dh_advisor::CheckResult;

/// An objective at a point.
struct Point {
  std::string name;
  Objective& objective;
  Eigen::VectorXd weights;
  Eigen::VectorXd gradient;
};

CheckResult check(Point& point, const Eigen::VectorXd& sent) {
  dh_advisor::GradientCheckInput input;
  input.objective = [&point](const double* values, std::size_t n) {
    return point.objective.value(Eigen::Map<const Eigen::VectorXd>(values, static_cast<Eigen::Index>(n)));
  };
  input.weights = point.weights.data();
  input.gradient = sent.data();
  input.beamlet_count = static_cast<std::size_t>(sent.size());
  input.weight_ceiling = kWeightCeiling;
  input.weight_steepness = kWeightSteepness;
  CheckResult result;
  const auto status = check_gradient(input, result);
  EXPECT_TRUE(status.ok()) << status.message;
  return result;
}

/// Starts of both solvers and weights scattered about the flat one, with kernels at their upper and lower bounds.
void for_each_point(const CheckedPlan& plan, const std::function<void(Point&)>& visit) {
  Pyramid pyramid(plan.problem());
  Random random(11);
  for (std::uint32_t index = 0; index < kLevelCount; ++index) {
    const Level& level = pyramid.level(index);
    Objective objective(level, plan.problem().structures, 1);
    objective.set_sigma(kLevelSigmaGy[index]);
    for (const bool is_minimum : {false, true}) {
      if (is_minimum) objective.set_variance_to_minimum();
      for (const char* name : {"near zero", "flat", "scattered"}) {
        Point point{plan.name() + ", level " + std::to_string(index) + ", " + name + (is_minimum ? ", narrow" : ""),
                    objective,
                    Eigen::VectorXd::Zero(level.beamlet_count()),
                    {}};
        for (int i = 0; i < level.beamlet_count(); ++i) {
          if (level.is_excluded[static_cast<std::size_t>(i)]) continue;
          point.weights[i] = name[0] == 'n' ? 0.001 : name[0] == 'f' ? 0.05 : random.between(0.0, 0.1);
        }
        objective.value_and_gradient(point.weights, point.gradient);
        visit(point);
      }
    }
  }
}

/// The whole plans differ from the windows by size only, which costs time.
void for_each_point(const std::function<void(Point&)>& visit) {
  for (const auto& plan : all_plans())
    if (plan->said().beams[0].rows == 1) for_each_point(*plan, visit);
}

TEST(GradientOfThePlans, PassesAtEveryLevelAndPoint) {
  int points = 0;
  double furthest = 1.0;
  for_each_point([&](Point& point) {
    const CheckResult result = check(point, point.gradient);
    EXPECT_EQ(result.outcome, CheckOutcome::kPassed) << point.name << ": " << result.finding;
    furthest = std::max({furthest, result.ratio, 1.0 / result.ratio});
    ++points;
  });
  EXPECT_GE(points, 300);
  // The gradient holds the voxels' shares, the objective does not: that is all the difference.
  EXPECT_LT(furthest, 1.2);
  RecordProperty("furthest", std::to_string(furthest));
}

TEST(GradientOfThePlans, PassesInAWholePlan) {
  for (const auto& plan : all_plans()) {
    if (plan->said().beams[0].rows == 1) continue;
    for_each_point(*plan, [](Point& point) {
      EXPECT_EQ(check(point, point.gradient).outcome, CheckOutcome::kPassed) << point.name;
    });
    break;
  }
}

struct WrongGradient {
  const char* name;
  CheckFault fault;
  double (*change)(double derivative, double weight);
};

class WrongGradients : public ::testing::TestWithParam<WrongGradient> {};

TEST_P(WrongGradients, AreFoundAtEveryLevelAndPoint) {
  for_each_point([](Point& point) {
    Eigen::VectorXd sent = point.gradient;
    for (Eigen::Index i = 0; i < sent.size(); ++i) sent[i] = GetParam().change(sent[i], point.weights[i]);
    const CheckResult result = check(point, sent);
    EXPECT_EQ(result.outcome, CheckOutcome::kFailed) << point.name;
    // Where all weights are alike dF/dx is dF/dw times a constant: either name will do, the words say both.
    const bool is_either = point.name.find("scattered") == std::string::npos && GetParam().fault != CheckFault::kSign;
    if (is_either) {
      EXPECT_TRUE(result.fault == CheckFault::kSpace || result.fault == CheckFault::kUnit) << result.finding;
    } else {
      EXPECT_EQ(result.fault, GetParam().fault) << point.name << ": " << result.finding;
    }
  });
}

const WrongGradient kWrongGradients[] = {
    {"Sign", CheckFault::kSign, [](double derivative, double) { return -derivative; }},
    {"XForW", CheckFault::kSpace, [](double derivative, double w) { return derivative * weight_slope(w); }},
    {"HundredthsOfGy", CheckFault::kUnit, [](double derivative, double) { return 100.0 * derivative; }},
    {"PerHundredGy", CheckFault::kUnit, [](double derivative, double) { return 0.01 * derivative; }},
    {"PerCm", CheckFault::kUnit, [](double derivative, double) { return 10.0 * derivative; }},
    {"AsDh", CheckFault::kSign, [](double derivative, double w) { return -derivative * weight_slope(w); }},
};

INSTANTIATE_TEST_SUITE_P(GradientOfThePlans, WrongGradients, ::testing::ValuesIn(kWrongGradients),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace rtmodel::testing
