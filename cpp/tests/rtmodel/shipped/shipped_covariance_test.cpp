#include <gtest/gtest.h>

#include "shipped/covariance.h"

namespace rtmodel {
namespace {

constexpr VarianceBounds kBounds{1.0, 9.0};

Eigen::VectorXd vector3(double a, double b, double c) { return Eigen::Vector3d(a, b, c); }

TEST(ShippedCovariance, IsTransposed) {
  // The first direction, whatever it is, makes the variance of the first parameter alone smaller once it has aged.
  ShippedCovariance shipped;
  FullCovariance exact;
  for (Covariance* covariance : {static_cast<Covariance*>(&shipped), static_cast<Covariance*>(&exact)}) {
    covariance->reset(3, kBounds);
    covariance->add_direction(vector3(0.0, 1.0, 0.0));
    covariance->add_direction(vector3(0.0, 0.0, 1.0));
  }
  // Basis columns e2, e3, and what is left of the third: scales 1/4, 1, 1 by index, taken by rows.
  const double aged = 0.25 * 8.0 + 1.0;
  EXPECT_NEAR(shipped.variance_gy2()[0], 9.0, 1e-12);
  EXPECT_NEAR(shipped.variance_gy2()[1], 9.0, 1e-12);
  EXPECT_NEAR(exact.variance_gy2()[1], aged, 1e-12) << "exact: the searched parameter";
  EXPECT_NEAR(exact.variance_gy2()[0], 9.0, 1e-12);
}

TEST(ShippedCovariance, FollowsItsFormulaForACrookedDirection) {
  ShippedCovariance covariance;
  covariance.reset(2, kBounds);
  const double c = 0.8;
  const double s = 0.6;
  covariance.add_direction(Eigen::Vector2d(c, s));
  EXPECT_NEAR(covariance.variance_gy2()[0], 9.0, 1e-12) << "nothing has aged";
  covariance.add_direction(Eigen::Vector2d(0.0, 1.0));
  // Column 0 = (c, s), column 1 = (0, 1), not orthogonal to it: v_0 = 1 / (c^2 / 3 + s^2 / 9), v_1 = 9.
  EXPECT_NEAR(covariance.variance_gy2()[0], 1.0 / (c * c / 3.0 + s * s / 9.0), 1e-12);
  EXPECT_NEAR(covariance.variance_gy2()[1], 9.0, 1e-12);
}

TEST(ShippedCovariance, StaysInsideTheBoundsAndForgets) {
  ShippedCovariance covariance;
  covariance.reset(3, kBounds);
  for (int i = 0; i < 3; ++i) {
    covariance.add_direction(vector3(1.0, 0.5 * i, 0.2));
    EXPECT_GE(covariance.variance_gy2().minCoeff(), 1.0);
    EXPECT_LE(covariance.variance_gy2().maxCoeff(), 9.0);
  }
  covariance.reset(3, kBounds);
  EXPECT_EQ(covariance.variance_gy2(), Eigen::VectorXd::Constant(3, 9.0));
}

TEST(ShippedCovariance, HasRoomForAsManyDirectionsAsParameters) {
  ShippedCovariance covariance;
  covariance.reset(2, kBounds);
  covariance.add_direction(Eigen::Vector2d(1.0, 0.0));
  covariance.add_direction(Eigen::Vector2d(1.0, 1.0));
  EXPECT_THROW(covariance.add_direction(Eigen::Vector2d(0.0, 1.0)), std::length_error) << "not behind the matrix";
}

}  // namespace
}  // namespace rtmodel
