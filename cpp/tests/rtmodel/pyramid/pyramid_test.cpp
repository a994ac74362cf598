#include "pyramid/pyramid.h"

#include <gtest/gtest.h>

#include "rtmodel/small_plan/small_plan.h"

namespace rtmodel {
namespace {

using testing::small_plan;

TEST(Interpolation, HalvesOddEvenAndSingleSides) {
  EXPECT_EQ(halved(39), 19);
  EXPECT_EQ(halved(19), 9);
  EXPECT_EQ(halved(9), 5);
  EXPECT_EQ(halved(8), 4);
  EXPECT_EQ(halved(2), 1);
  EXPECT_EQ(halved(3), 1);
  EXPECT_EQ(halved(1), 1);
}

TEST(Interpolation, IsLinearAboutTheCentreOfAnOddSide) {
  const Eigen::MatrixXf dense = Eigen::MatrixXf(interpolation_to({{7, 1}}));
  Eigen::MatrixXf expected(7, 3);
  expected << 0.5F, 0, 0, 1, 0, 0, 0.5F, 0.5F, 0, 0, 1, 0, 0, 0.5F, 0.5F, 0, 0, 1, 0, 0, 0.5F;
  EXPECT_EQ(dense, expected);
}

TEST(Interpolation, IsLinearBetweenThePairsOfAnEvenSide) {
  const Eigen::MatrixXf dense = Eigen::MatrixXf(interpolation_to({{4, 1}}));
  Eigen::MatrixXf expected(4, 2);
  expected << 0.75F, 0, 0.75F, 0.25F, 0.25F, 0.75F, 0, 0.75F;
  EXPECT_EQ(dense, expected);
}

TEST(Interpolation, HalvesRowsAndColumnsBeamByBeam) {
  const Interpolation two = interpolation_to({{4, 4}, {7, 1}});
  EXPECT_EQ(two.rows(), 23);
  EXPECT_EQ(two.cols(), 4 + 3);
  // The product of both sides: beamlet (row 1, column 2) of the first beam.
  EXPECT_FLOAT_EQ(two.coeff(1 * 4 + 2, 0), 0.75F * 0.25F);
  EXPECT_FLOAT_EQ(two.coeff(1 * 4 + 2, 1), 0.75F * 0.75F);
  EXPECT_FLOAT_EQ(two.coeff(1 * 4 + 2, 2), 0.25F * 0.25F);
  EXPECT_FLOAT_EQ(two.coeff(16 + 1, 4), 1.0F) << "the second beam starts after the first";
  EXPECT_FLOAT_EQ(two.coeff(16 + 1, 0), 0.0F);
}

TEST(Pyramid, CoarseDoseIsTheDoseOfCarriedWeights) {
  for (const auto& options : {testing::SmallPlanOptions{5, 15, 1, 1}, testing::SmallPlanOptions{3, 10, 6, 5}}) {
    const PlanProblem problem = small_plan(options);
    Pyramid pyramid(problem);
    for (std::uint32_t index = 1; index < kLevelCount; ++index) {
      const Level& coarse = pyramid.level(index);
      ASSERT_EQ(coarse.beamlet_count(), pyramid.beamlet_count(index));
      const Eigen::VectorXd weights = Eigen::VectorXd::LinSpaced(coarse.beamlet_count(), 0.01, 0.1);
      const Eigen::VectorXd coarse_dose = coarse.influence.cast<double>() * weights;
      const Eigen::VectorXd fine_dose = problem.influence.cast<double>() * pyramid.carry_down(weights, index, 0);
      EXPECT_LT((coarse_dose - fine_dose).cwiseAbs().maxCoeff(), 1e-4 * fine_dose.maxCoeff()) << "level " << index;
    }
  }
}

TEST(Pyramid, CarriesNothingToExcludedBeamlets) {
  const PlanProblem problem = small_plan({5, 21});
  Pyramid pyramid(problem);
  const Eigen::VectorXd carried = pyramid.carry_down(Eigen::VectorXd::Ones(pyramid.beamlet_count(2)), 2, 0);
  for (int i = 0; i < carried.size(); ++i) {
    if (problem.is_excluded[static_cast<std::size_t>(i)]) {
      EXPECT_EQ(carried[i], 0.0);
    }
  }
}

TEST(Pyramid, VarianceBoundsFollowSigma) {
  EXPECT_DOUBLE_EQ(variance_bounds(40.0).lower_gy2, 400.0);
  EXPECT_DOUBLE_EQ(variance_bounds(40.0).upper_gy2, 2400.0);
}

TEST(Pyramid, SaysWhatDoesNotMatch) {
  PlanProblem problem = small_plan();
  problem.beams.pop_back();
  try {
    Pyramid pyramid(problem);
    FAIL() << "accepted a matrix with more columns than beamlets";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("60 beamlets"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace rtmodel
