#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "solver/line_minimum.h"
#include "solver/wolfe_search.h"

namespace rtmodel {
namespace {

TEST(MinimiseAlong, FindsAMinimumBeyondTheFirstStep) {
  int calls = 0;
  auto value = [&](double step) {
    ++calls;
    return (step - 7.0) * (step - 7.0);
  };
  const LineMinimum minimum = minimise_along(value, 49.0, {});
  EXPECT_NEAR(minimum.step, 7.0, 1e-2);
  EXPECT_LT(calls, 30);
}

TEST(MinimiseAlong, FindsAMinimumMuchShorterThanTheFirstStep) {
  auto value = [](double step) { return (step - 0.01) * (step - 0.01); };
  const LineMinimum minimum = minimise_along(value, 1e-4, {});
  EXPECT_NEAR(minimum.step, 0.01, 1e-3);
  EXPECT_LT(minimum.value, 1e-6);
}

TEST(MinimiseAlong, StopsAtTheLongestStep) {
  double longest = 0.0;
  auto value = [&](double step) {
    longest = std::max(longest, step);
    return -step;
  };
  const LineMinimum minimum = minimise_along(value, 0.0, {1.0, 20.0, std::nullopt});
  EXPECT_EQ(longest, 20.0);
  EXPECT_NEAR(minimum.step, 20.0, 1e-3);
}

TEST(MinimiseAlong, StaysWhereNothingIsLower) {
  const LineMinimum minimum = minimise_along([](double step) { return 1.0 + step; }, 1.0, {});
  EXPECT_EQ(minimum.step, 0.0);
  EXPECT_EQ(minimum.value, 1.0);
}

TEST(MinimiseAlong, TakesNoValueThatIsNotFinite) {
  auto value = [](double step) {
    return step > 0.5 ? std::numeric_limits<double>::quiet_NaN() : (step - 0.3) * (step - 0.3);
  };
  const LineMinimum minimum = minimise_along(value, 0.09, {});
  EXPECT_NEAR(minimum.step, 0.3, 1e-2);
}

TEST(MinimiseAlong, AsksNoMoreForWhatIsKnown) {
  auto value = [](double step) {
    EXPECT_NE(step, 1.0) << "the value at the first step was given";
    return (step - 0.6) * (step - 0.6);
  };
  EXPECT_NEAR(minimise_along(value, 0.36, {1.0, 20.0, 0.16}).step, 0.6, 1e-2);
}

double bowl(const Eigen::VectorXd& at, Eigen::VectorXd& gradient) {
  gradient = 2.0 * at;
  return at.squaredNorm();
}

TEST(SearchWolfe, GoesDownToAnAcceptablePoint) {
  SearchPoint point{Eigen::Vector2d(3.0, 4.0), Eigen::Vector2d(6.0, 8.0), 25.0};
  const Eigen::VectorXd direction = -4.0 * point.position;
  ASSERT_TRUE(search_wolfe(&bowl, direction, {}, point));
  EXPECT_LT(point.value, 25.0);
  EXPECT_EQ(point.gradient, 2.0 * point.position);
}

TEST(SearchWolfe, LeavesThePointWhereNothingDescends) {
  SearchPoint point{Eigen::Vector2d(3.0, 4.0), Eigen::Vector2d(6.0, 8.0), 25.0};
  EXPECT_FALSE(search_wolfe(&bowl, point.position, {}, point));
  EXPECT_FALSE(search_wolfe(&bowl, -point.position, {0.0}, point));
  EXPECT_EQ(point.position, Eigen::Vector2d(3.0, 4.0));
}

TEST(SearchWolfe, KeepsTheLowestPointWhenTheSearchGivesUp) {
  // A gradient that always points downhill can't meet the curvature condition, whatever the values do.
  auto liar = [](const Eigen::VectorXd& at, Eigen::VectorXd& gradient) {
    gradient = Eigen::VectorXd::Constant(1, -10.0);
    return (at[0] - 3.0) * (at[0] - 3.0);
  };
  SearchPoint point{Eigen::VectorXd::Zero(1), Eigen::VectorXd::Constant(1, -10.0), 9.0};
  ASSERT_TRUE(search_wolfe(liar, Eigen::VectorXd::Ones(1), {8.0, 0.5, 4}, point));
  EXPECT_LT(point.value, 9.0);
  EXPECT_TRUE(std::isfinite(point.value));
}

}  // namespace
}  // namespace rtmodel
