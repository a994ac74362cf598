// `check_gradient` on an objective whose gradient is known exactly.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "dh_advisor/checks.h"

namespace dh_advisor::testing {
namespace {

/// F(w) = 1 + sum c_i (w_i - b_i)^2 with different curvatures, W = 0.2, s = 0.5.
class GradientCheck : public ::testing::Test {
 protected:
  static constexpr std::size_t kCount = 40;

  GradientCheck() {
    for (std::size_t i = 0; i < kCount; ++i) {
      weights_.push_back(0.004 + 0.004 * static_cast<double>(i % 20));
      best_.push_back(0.19 - 0.003 * static_cast<double>(i * 7 % 40));
      curvature_.push_back(10.0 + static_cast<double>(i * 13 % 17));
    }
    input_.objective = [this](const double* w, std::size_t n) { return value(w, n); };
    input_.weights = weights_.data();
    input_.beamlet_count = kCount;
    input_.weight_ceiling = 0.2;
    input_.weight_steepness = 0.5;
    gradient_ = gradient();
    input_.gradient = gradient_.data();
  }

  double value(const double* w, std::size_t n) {
    ++calls_;
    double sum = 1.0;
    for (std::size_t i = 0; i < n; ++i) sum += curvature_[i] * (w[i] - best_[i]) * (w[i] - best_[i]);
    return sum;
  }

  std::vector<double> gradient() const {
    std::vector<double> result(kCount);
    for (std::size_t i = 0; i < kCount; ++i) result[i] = 2.0 * curvature_[i] * (weights_[i] - best_[i]);
    return result;
  }

  double slope(std::size_t i) const { return 0.5 * weights_[i] * (1.0 - weights_[i] / 0.2); }

  /// What is found when every component is changed so.
  template <typename Change>
  CheckResult found(Change&& change) {
    gradient_ = gradient();
    for (std::size_t i = 0; i < kCount; ++i) gradient_[i] = change(i, gradient_[i]);
    return found();
  }
  CheckResult found() {
    calls_ = 0;
    input_.gradient = gradient_.data();
    CheckResult result;
    const Status status = check_gradient(input_, result);
    EXPECT_TRUE(status.ok()) << status.message;
    EXPECT_EQ(result.value_calls, calls_);
    EXPECT_LE(calls_, 6U);
    return result;
  }

  std::vector<double> weights_, best_, curvature_, gradient_;
  std::uint32_t calls_ = 0;
  GradientCheckInput input_;
};

TEST_F(GradientCheck, PassesTheGradientWithTwoValues) {
  const CheckResult result = found();
  EXPECT_EQ(result.outcome, CheckOutcome::kPassed) << result.finding;
  EXPECT_NEAR(result.ratio, 1.0, 1e-6);
  EXPECT_EQ(result.value_calls, 2U);
}

TEST_F(GradientCheck, TakesAnObjectiveInSinglePrecision) {
  input_.objective = [this](const double* w, std::size_t n) {
    return static_cast<double>(static_cast<float>(value(w, n)));
  };
  const CheckResult result = found();
  EXPECT_EQ(result.outcome, CheckOutcome::kPassed) << result.finding;
  EXPECT_EQ(found([](std::size_t, double g) { return -g; }).fault, CheckFault::kSign);
}

TEST_F(GradientCheck, TakesAnObjectiveOfParameters) {
  input_.space = DirectionSpace::kParameters;
  input_.objective = [this](const double* x, std::size_t n) {
    std::vector<double> w(n);
    for (std::size_t i = 0; i < n; ++i) w[i] = 0.2 / (1.0 + std::exp(-0.5 * x[i]));
    return value(w.data(), n);
  };
  const CheckResult result = found();
  EXPECT_EQ(result.outcome, CheckOutcome::kPassed) << result.finding;
  EXPECT_NEAR(result.ratio, 1.0, 1e-3);
  EXPECT_EQ(found([](std::size_t, double g) { return -g; }).fault, CheckFault::kSign);
}

TEST_F(GradientCheck, FindsTheSign) {
  const CheckResult result = found([](std::size_t, double g) { return -g; });
  EXPECT_EQ(result.outcome, CheckOutcome::kFailed);
  EXPECT_EQ(result.fault, CheckFault::kSign) << result.finding;
  EXPECT_EQ(result.field, "gradient");
  EXPECT_NEAR(result.ratio, -1.0, 1e-6);
}

TEST_F(GradientCheck, FindsDerivativesByParameters) {
  const CheckResult result = found([&](std::size_t i, double g) { return g * slope(i); });
  EXPECT_EQ(result.fault, CheckFault::kSpace) << result.finding;
  EXPECT_NE(result.finding.find("dF/dx"), std::string::npos);
}

TEST_F(GradientCheck, FindsDerivativesByParametersDownhill) {
  // As dH has it.
  const CheckResult result = found([&](std::size_t i, double g) { return -g * slope(i); });
  EXPECT_EQ(result.fault, CheckFault::kSign) << result.finding;
  EXPECT_NE(result.finding.find("dF/dx"), std::string::npos) << result.finding;
}

TEST_F(GradientCheck, FindsUnits) {
  const std::pair<double, const char*> units[] = {
      {0.01, "100 times too small"}, {100.0, "100 times too large"}, {10.0, "per cm"},
      {0.1, "10 times too small"},   {1e4, "10,000 times"},          {1e-4, "10,000 times"}};
  for (const auto& [factor, words] : units) {
    const CheckResult result = found([factor = factor](std::size_t, double g) { return factor * g; });
    EXPECT_EQ(result.fault, CheckFault::kUnit) << result.finding;
    EXPECT_NE(result.finding.find(words), std::string::npos) << result.finding;
    EXPECT_NEAR(result.ratio, factor, 1e-6 * factor);
  }
  const CheckResult odd = found([](std::size_t, double g) { return 3.5 * g; });
  EXPECT_EQ(odd.fault, CheckFault::kUnit) << odd.finding;
  EXPECT_NEAR(odd.ratio, 3.5, 1e-5);
}

TEST_F(GradientCheck, NamesNoTwoFaultsThatUndoEachOther) {
  // 100 times too large and dF/dx would explain a factor of two.
  weights_.assign(kCount, 0.1);
  input_.weights = weights_.data();
  const CheckResult result = found([](std::size_t, double g) { return 2.4 * g; });
  EXPECT_EQ(result.fault, CheckFault::kUnit) << result.finding;
  EXPECT_EQ(result.finding.find("dF/dx"), std::string::npos) << result.finding;
  EXPECT_NE(result.finding.find("constant factor"), std::string::npos) << result.finding;
}

TEST_F(GradientCheck, SaysBothWhereWeightsAreAlike) {
  // s w (1 - w / W) = 0.01 for all: dF/dx and Gy/100 are one.
  weights_.assign(kCount, 0.1 - std::sqrt(0.01 - 0.004));
  input_.weights = weights_.data();
  const CheckResult result = found([&](std::size_t i, double g) { return g * slope(i); });
  EXPECT_EQ(result.outcome, CheckOutcome::kFailed);
  EXPECT_NE(result.finding.find("dF/dx"), std::string::npos) << result.finding;
  EXPECT_NE(result.finding.find("100 times too small"), std::string::npos) << result.finding;
  EXPECT_NE(result.finding.find("; or it"), std::string::npos) << result.finding;
}

TEST_F(GradientCheck, FindsDerivativesByParametersWhereTheSlopeIsAboutOne) {
  input_.weight_steepness = 60.0;  // dw/dx from 0.24 to 3.
  EXPECT_EQ(found().outcome, CheckOutcome::kPassed);
  const CheckResult result = found([&](std::size_t i, double g) { return g * 120.0 * slope(i); });
  EXPECT_EQ(result.outcome, CheckOutcome::kFailed) << result.ratio;
  EXPECT_EQ(result.fault, CheckFault::kSpace) << result.finding;
}

TEST_F(GradientCheck, FindsAnotherVector) {
  const std::vector<double> right = gradient();
  const CheckResult random =
      found([](std::size_t i, double) { return std::sin(12.9898 * static_cast<double>(i + 1)) * 5.0; });
  EXPECT_EQ(random.outcome, CheckOutcome::kFailed) << random.ratio;
  const CheckResult elsewhere = found([&](std::size_t i, double) { return i % 2 == 0 ? 8.0 * right[i] : -right[i]; });
  EXPECT_EQ(elsewhere.outcome, CheckOutcome::kFailed) << elsewhere.ratio;
}

TEST_F(GradientCheck, IsUnclearWhereNothingCanBeTold) {
  EXPECT_EQ(found([](std::size_t, double) { return 0.0; }).outcome, CheckOutcome::kUnclear);
  gradient_ = gradient();
  input_.objective = [this](const double*, std::size_t) { return ++calls_, std::nan(""); };
  EXPECT_EQ(found().outcome, CheckOutcome::kUnclear);
  // A step with a jump: the slope depends on how far one looks.
  input_.objective = [this](const double* w, std::size_t) { return ++calls_, w[0] > weights_[0] ? 100.0 : 0.0; };
  EXPECT_EQ(found().outcome, CheckOutcome::kUnclear);
  // At the solution differences are of second order, and the gradient is rounding.
  best_ = weights_;
  input_.objective = [this](const double* w, std::size_t n) { return value(w, n); };
  EXPECT_EQ(found([](std::size_t, double) { return 1e-12; }).outcome, CheckOutcome::kUnclear);
}

TEST_F(GradientCheck, FindsAnObjectiveThatDoesNotMove) {
  input_.objective = [this](const double*, std::size_t) { return ++calls_, 1.0; };
  const CheckResult result = found();
  EXPECT_EQ(result.outcome, CheckOutcome::kFailed);
  EXPECT_EQ(result.fault, CheckFault::kNotTheGradient) << result.finding;
}

TEST_F(GradientCheck, StaysInsideTheWeights) {
  weights_[0] = 0.0;
  weights_[1] = 0.2;
  input_.objective = [this](const double* w, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) EXPECT_TRUE(w[i] >= 0.0 && w[i] <= 0.2) << i;
    EXPECT_EQ(w[0], 0.0) << "an excluded beamlet stays so";
    return value(w, n);
  };
  EXPECT_EQ(found([](std::size_t, double g) { return g; }).outcome, CheckOutcome::kPassed);
}

TEST_F(GradientCheck, NamesWhatItCannotCheck) {
  const auto problem = [this](auto&& spoil) {
    GradientCheckInput input = input_;
    spoil(input);
    CheckResult result;
    const Status status = check_gradient(input, result);
    EXPECT_EQ(status.code, StatusCode::kInvalidInput);
    return status.message;
  };
  const auto names = [](const std::string& message, const char* field) {
    return message.find(field) != std::string::npos ? ::testing::AssertionSuccess()
                                                    : ::testing::AssertionFailure() << message;
  };
  EXPECT_TRUE(names(problem([](auto& in) { in.objective = nullptr; }), "objective"));
  EXPECT_TRUE(names(problem([](auto& in) { in.space = static_cast<DirectionSpace>(3); }), "space"));
  EXPECT_TRUE(names(problem([](auto& in) { in.weights = nullptr; }), "weights"));
  EXPECT_TRUE(names(problem([](auto& in) { in.gradient = nullptr; }), "gradient"));
  EXPECT_TRUE(names(problem([](auto& in) { in.beamlet_count = 0; }), "beamlet_count"));
  EXPECT_TRUE(names(problem([](auto& in) { in.weight_ceiling = std::nan(""); }), "weight_ceiling"));
  EXPECT_TRUE(names(problem([](auto& in) { in.weight_steepness = 0.0; }), "weight_steepness"));
  weights_[3] = -1.0;
  EXPECT_TRUE(names(problem([](auto&) {}), "weights[3]"));
  weights_[3] = 0.1;
  gradient_[4] = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(names(problem([](auto&) {}), "gradient[4]"));
}

TEST_F(GradientCheck, KeepsACallbacksExceptionInside) {
  input_.objective = [](const double*, std::size_t) -> double { throw std::runtime_error("no value today"); };
  CheckResult result;
  const Status status = check_gradient(input_, result);
  EXPECT_EQ(status.code, StatusCode::kFault);
  EXPECT_NE(status.message.find("no value today"), std::string::npos);
}

}  // namespace
}  // namespace dh_advisor::testing
