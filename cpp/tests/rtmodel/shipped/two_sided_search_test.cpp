#include "shipped/two_sided_search.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace rtmodel {
namespace {

TEST(TwoSidedSearch, GoesBackwards) {
  const LineMinimum minimum = minimise_both_ways([](double s) { return (s + 7.3) * (s + 7.3); }, 1e-6);
  EXPECT_NEAR(minimum.step, -7.3, 1e-5);
  EXPECT_NEAR(minimum.value, 0.0, 1e-9);
}

TEST(TwoSidedSearch, HasNoLongestStep) {
  const LineMinimum minimum = minimise_both_ways([](double s) { return std::abs(s - 400.0); }, 1e-3);
  EXPECT_NEAR(minimum.step, 400.0, 1e-2);
  const LineMinimum exact = minimise_along([](double s) { return std::abs(s - 400.0); }, 400.0, {});
  EXPECT_EQ(exact.step, 20.0) << "exact: no longer than 20";
}

TEST(TwoSidedSearch, MayEndHigherThanItBegan) {
  // A narrow valley at 0, and a shallow one that the bracket from -1 to 1 leads to.
  auto value = [](double s) { return std::min(1000.0 * std::abs(s), 10.0 + 0.1 * (s - 3.0) * (s - 3.0)); };
  const LineMinimum minimum = minimise_both_ways(value, 1e-6);
  EXPECT_NEAR(minimum.step, 3.0, 1e-3);
  EXPECT_GT(minimum.value, value(0.0));
  EXPECT_EQ(minimise_along(value, 0.0, {}).step, 0.0) << "exact: never";
}

TEST(TwoSidedSearch, CostsMoreTheCloserItMustCome) {
  auto calls_to = [](double tolerance) {
    int calls = 0;
    auto value = [&](double s) {
      ++calls;
      return std::pow(s - 2.2, 4.0) + 0.3 * std::exp(-s);
    };
    minimise_both_ways(value, tolerance);
    return calls;
  };
  EXPECT_GT(calls_to(1e-6), calls_to(1e-3));
  EXPECT_LT(calls_to(1e-6), 60);
}

TEST(TwoSidedSearch, EndsOnFlatGroundAndWithoutNumbers) {
  EXPECT_EQ(minimise_both_ways([](double) { return 4.0; }, 1e-6).value, 4.0);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(std::isfinite(minimise_both_ways([&](double) { return nan; }, 1e-6).value));
  int calls = 0;
  minimise_both_ways([&](double s) { return ++calls, -s; }, 1e-6);
  EXPECT_LE(calls, 2002) << "downhill for ever";
}

}  // namespace
}  // namespace rtmodel
