#include "covariance/covariance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace rtmodel {
namespace {

constexpr VarianceBounds kBounds{1.0, 6.0};

Eigen::VectorXd hadamard_direction(int n, int k) {
  Eigen::VectorXd direction(n);
  for (int i = 0; i < n; ++i) direction[i] = __builtin_popcount(static_cast<unsigned>(i & k)) % 2 == 0 ? 1.0 : -1.0;
  return direction;
}

Eigen::VectorXd skew_direction(int n, int k) {
  Eigen::VectorXd direction(n);
  for (int i = 0; i < n; ++i) direction[i] = std::sin(0.7 * (i + 1) * (k + 2)) + 0.3;
  return direction;
}

TEST(Covariance, StartsAtTheUpperBoundAndFollowsTheFormula) {
  IncrementalCovariance covariance;
  covariance.reset(3, kBounds);
  EXPECT_EQ(covariance.variance_gy2(), Eigen::VectorXd::Constant(3, 6.0));
  covariance.add_direction(Eigen::Vector3d(2.0, 0.0, 0.0));
  EXPECT_EQ(covariance.variance_gy2(), Eigen::VectorXd::Constant(3, 6.0)) << "the newest direction has scale 1";
  covariance.add_direction(Eigen::Vector3d(0.0, 3.0, 3.0));
  EXPECT_NEAR(covariance.variance_gy2()[0], 0.25 * 5.0 + 1.0, 1e-12);
  EXPECT_NEAR(covariance.variance_gy2()[1], 6.0, 1e-12);
  covariance.add_direction(Eigen::Vector3d(0.0, 1.0, -1.0));
  EXPECT_NEAR(covariance.variance_gy2()[0], 0.0625 * 5.0 + 1.0, 1e-12);
  EXPECT_NEAR(covariance.variance_gy2()[1], 1.0 / (0.5 / (0.25 * 5.0 + 1.0) + 0.5 / 6.0), 1e-12);
}

TEST(Covariance, FullAndIncrementalAgreeOnOrthogonalDirections) {
  IncrementalCovariance incremental;
  FullCovariance full;
  incremental.reset(16, kBounds);
  full.reset(16, kBounds);
  for (int k = 0; k < 16; ++k) {
    incremental.add_direction(hadamard_direction(16, k));
    full.add_direction(hadamard_direction(16, k));
    EXPECT_LT((incremental.variance_gy2() - full.variance_gy2()).cwiseAbs().maxCoeff(), 1e-12) << "after " << k;
  }
}

TEST(Covariance, FullKeepsTheNewestDirectionAsItIs) {
  FullCovariance full;
  full.reset(2, kBounds);
  full.add_direction(Eigen::Vector2d(1.0, 0.0));
  full.add_direction(Eigen::Vector2d(1.0, 1.0));
  // Basis (1, 1) / sqrt 2 of scale 1 and its complement, made from the older direction, of scale 1/4.
  const double expected = 1.0 / (0.5 / 6.0 + 0.5 / (0.25 * 5.0 + 1.0));
  EXPECT_NEAR(full.variance_gy2()[0], expected, 1e-12);
  EXPECT_NEAR(full.variance_gy2()[1], expected, 1e-12);
}

template <typename Kind>
class EveryCovariance : public ::testing::Test {};
using Kinds = ::testing::Types<IncrementalCovariance, FullCovariance>;
TYPED_TEST_SUITE(EveryCovariance, Kinds);

TYPED_TEST(EveryCovariance, EndsAtTheLowerBoundOnceDirectionsFillTheSpace) {
  TypeParam covariance;
  const int n = 12;
  covariance.reset(n, kBounds);
  for (int k = 0; k < n + 30; ++k) {
    covariance.add_direction(skew_direction(n, k));
    EXPECT_GE(covariance.variance_gy2().minCoeff(), kBounds.lower_gy2);
    EXPECT_LE(covariance.variance_gy2().maxCoeff(), kBounds.upper_gy2);
  }
  if constexpr (std::is_same_v<TypeParam, IncrementalCovariance>) {
    EXPECT_LT(covariance.variance_gy2().maxCoeff(), kBounds.lower_gy2 + 1e-9);
  } else {
    // The newest direction is always searched anew, so its own variance stays up.
    EXPECT_LT(covariance.variance_gy2().minCoeff(), kBounds.lower_gy2 + 0.5);
  }
}

TYPED_TEST(EveryCovariance, TakesDependentDirectionsAndForgetsOnReset) {
  TypeParam covariance;
  covariance.reset(4, kBounds);
  for (int k = 0; k < 6; ++k) covariance.add_direction(Eigen::Vector4d(1.0, 1.0, 0.0, 0.0));
  EXPECT_TRUE(covariance.variance_gy2().allFinite());
  EXPECT_EQ(covariance.variance_gy2()[3], 6.0);
  covariance.reset(2, {2.0, 3.0});
  EXPECT_EQ(covariance.variance_gy2(), Eigen::VectorXd::Constant(2, 3.0));
}

TYPED_TEST(EveryCovariance, RefusesWhatIsNoDirection) {
  TypeParam covariance;
  covariance.reset(2, kBounds);
  EXPECT_THROW(covariance.add_direction(Eigen::Vector2d::Zero()), std::invalid_argument);
  EXPECT_THROW(covariance.add_direction(Eigen::Vector3d::Ones()), std::invalid_argument);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(covariance.add_direction(Eigen::Vector2d(nan, 1.0)), std::invalid_argument);
}

}  // namespace
}  // namespace rtmodel
