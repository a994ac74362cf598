// Every conversion of the adapter against numbers of dH's, so that a wrong one fails here and not in a plan.
#include "conversions.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dh_advisor/beam_frame.h"

namespace dh_adapter {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr Sigmoid kSigmoid{0.2, 0.5};
/// Two beams of three columns, in dH's order.
const std::vector<double> kParameters{-3.0, -1.0, 0.5, 2.0, -0.25, -6.0};

TEST(Conversions, DosesAreInHundredsOfGray) {
  EXPECT_DOUBLE_EQ(gy_of(0.6), 60.0);
  EXPECT_DOUBLE_EQ(dose_of(gy_of(0.37)), 0.37);
}

TEST(Conversions, VariancesHaveTheSquareOfTheUnit) {
  EXPECT_DOUBLE_EQ(gy2_of(0.01), 100.0) << "dH's 0.01 is the square of 10 Gy";
  EXPECT_DOUBLE_EQ(variance_of(gy2_of(0.02)), 0.02);
}

TEST(Conversions, SigmaIsTheQuotientAndNotTheDivisor) {
  EXPECT_DOUBLE_EQ(sigma_gy_of_divisor(0.2, 8.0), 2.5);
  EXPECT_DOUBLE_EQ(sigma_gy_of_divisor(0.2, 3.2), 6.25);
  EXPECT_NEAR(sigma_gy_of_divisor(0.2, 1.3), 15.385, 1e-3);
  EXPECT_DOUBLE_EQ(sigma_gy_of_divisor(0.2, 0.5), 40.0);
}

TEST(Conversions, BoundsOfTheVarianceComeFromSigmaAndGiveItBack) {
  EXPECT_DOUBLE_EQ(lower_variance_of(2.5), 1.5625e-4);
  EXPECT_DOUBLE_EQ(upper_variance_of(2.5), 9.375e-4);
  EXPECT_NEAR(sigma_gy_of_upper_variance(upper_variance_of(6.25)), 6.25, 1e-12);
}

TEST(Conversions, LevelsKeepTheirNumbers) {
  EXPECT_EQ(wire_number(0), 0U);
  EXPECT_EQ(wire_number(3), 3U);
  EXPECT_EQ(wire_number(-1), 0xFFFFFFFFU);
}

TEST(Conversions, GantryIsInRadiansAndAQuarterTurnAhead) {
  EXPECT_NEAR(gantry_deg_of(kPi / 2.0), 0.0, 1e-9) << "dH's beam along +y comes from anterior";
  EXPECT_NEAR(gantry_deg_of(kPi), 90.0, 1e-9) << "dH's default";
  EXPECT_NEAR(gantry_deg_of(0.0), 270.0, 1e-9);
  for (const double degrees : {0.0, 40.0, 180.0, 300.0})
    EXPECT_NEAR(gantry_deg_of(gantry_rad_of(degrees)), degrees, 1e-9);
}

TEST(Conversions, GantryAndShiftsAreThoseOfTheContractsFrame) {
  // dH turns its dose grid by the angle about z: the beam runs along the grid's x, shifts along its y.
  const double angle = 1.2;
  const auto frame = dh_advisor::BeamFrame::at(gantry_deg_of(angle), 0.0, {0.0, 0.0, 0.0});
  EXPECT_NEAR(frame.axis[0], std::cos(angle), 1e-12);
  EXPECT_NEAR(frame.axis[1], std::sin(angle), 1e-12);
  EXPECT_NEAR(frame.across[0], std::sin(angle), 1e-12) << "columns run against the shifts";
  EXPECT_NEAR(frame.across[1], -std::cos(angle), 1e-12);
}

TEST(Conversions, SigmoidIsMeasuredFromTheRunningDh) {
  // Other values than the usual ones, as the environment may set them.
  const Sigmoid measured = sigmoid_from(0.3 / 2.0, 0.3 * 0.8 / 4.0);
  EXPECT_DOUBLE_EQ(measured.ceiling, 0.3);
  EXPECT_DOUBLE_EQ(measured.steepness, 0.8);
  EXPECT_DOUBLE_EQ(weight_of(0.0, measured), 0.15);
}

TEST(Conversions, WeightsAndParametersAreInverse) {
  EXPECT_NEAR(weight_of(2.0, kSigmoid), 0.2 / (1.0 + std::exp(-1.0)), 1e-15);
  for (const double weight : {0.001, 0.05, 0.199})
    EXPECT_NEAR(weight_of(parameter_of(weight, kSigmoid), kSigmoid), weight, 1e-15);
}

TEST(Conversions, InverseOfTheSigmoidIsGuardedAtBothEnds) {
  EXPECT_NEAR(parameter_of(0.0, kSigmoid), std::log(1e-4 / (1.0 - 1e-4)) / 0.5, 1e-12);
  EXPECT_NEAR(parameter_of(0.2, kSigmoid), -parameter_of(0.0, kSigmoid), 1e-9);
}

TEST(Conversions, FirstShiftIsTheLastColumn) {
  EXPECT_EQ(mirrored({1, 2, 3, 4, 5, 6}, 3), (std::vector<double>{3, 2, 1, 6, 5, 4}));
  EXPECT_EQ(mirrored(mirrored(kParameters, 3), 3), kParameters);
  EXPECT_EQ(mirrored({1, 2}, 3), (std::vector<double>{1, 2})) << "not of these beams";
}

TEST(Conversions, VectorsOfWeightsThereAndBack) {
  const std::vector<double> weights = weights_from(kParameters, kSigmoid, 3);
  EXPECT_DOUBLE_EQ(weights[0], weight_of(0.5, kSigmoid));
  EXPECT_DOUBLE_EQ(weights[5], weight_of(2.0, kSigmoid));
  const std::vector<double> back = parameters_from(weights, kSigmoid, 3);
  for (std::size_t i = 0; i < back.size(); ++i) EXPECT_NEAR(back[i], kParameters[i], 1e-12);
}

/// F(w) = sum of i (w_i - 0.03)^2 in the contract's order: something to differ.
double objective(const std::vector<double>& weights) {
  double sum = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += static_cast<double>(i + 1) * std::pow(weights[i] - 0.03, 2);
  return sum;
}

/// What dH would say: by x, in its order, downhill.
std::vector<double> as_dh_says() {
  std::vector<double> gradient(kParameters.size());
  constexpr double kStep = 1e-5;
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    std::vector<double> up = kParameters, down = kParameters;
    up[i] += kStep;
    down[i] -= kStep;
    gradient[i] =
        -(objective(weights_from(up, kSigmoid, 3)) - objective(weights_from(down, kSigmoid, 3))) / (2.0 * kStep);
  }
  return gradient;
}

TEST(Conversions, GradientIsByWeightsAndUphill) {
  const std::vector<double> weights = weights_from(kParameters, kSigmoid, 3);
  const std::vector<double> gradient = gradient_from_prescription(as_dh_says(), kParameters, kSigmoid, 3);
  for (std::size_t i = 0; i < gradient.size(); ++i)
    EXPECT_NEAR(gradient[i], 2.0 * static_cast<double>(i + 1) * (weights[i] - 0.03), 1e-7) << i;
}

TEST(Conversions, OptimizerHoldsTheGradientWithTheOtherSign) {
  std::vector<double> negated = as_dh_says();
  for (double& value : negated) value = -value;
  EXPECT_EQ(gradient_from_optimizer(negated, kParameters, kSigmoid, 3),
            gradient_from_prescription(as_dh_says(), kParameters, kSigmoid, 3));
}

TEST(Conversions, GradientStaysFiniteOnTheRails) {
  const std::vector<double> gradient = gradient_from_optimizer({1e-3, 1e-3, 0.0}, {-5000.0, 5000.0, 0.0}, kSigmoid, 3);
  EXPECT_DOUBLE_EQ(gradient[2], 1e-3 / (0.2 * 0.5 * kLeastSlope));
  EXPECT_DOUBLE_EQ(gradient[1], 1e-3 / (0.2 * 0.5 * kLeastSlope));
  EXPECT_EQ(gradient[0], 0.0);
}

TEST(Conversions, VectorsOfVariancesThereAndBackInsideTheBounds) {
  const std::vector<double> variances{2e-4, 3e-4, 9e-4};
  const std::vector<double> gy2 = variances_gy2_from(variances, 3);
  EXPECT_DOUBLE_EQ(gy2[0], 9.0);
  const std::vector<double> back = variances_from(gy2, 1e-4, 8e-4, 3);
  EXPECT_DOUBLE_EQ(back[0], 2e-4);
  EXPECT_DOUBLE_EQ(back[1], 3e-4);
  EXPECT_DOUBLE_EQ(back[2], 8e-4) << "clamped";
}

}  // namespace
}  // namespace dh_adapter
