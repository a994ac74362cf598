#include "shipped/voxel_pyramid.h"

#include <gtest/gtest.h>

#include <cmath>

#include "rtmodel/small_plan/small_plan.h"

namespace rtmodel {
namespace {

TEST(ShippedPyramid, HasFewerVoxelsFromLevelToLevel) {
  const PlanProblem problem = testing::small_plan();
  ShippedPyramid pyramid(problem);
  Pyramid exact(problem);
  for (std::uint32_t level = 1; level < kLevelCount; ++level) {
    const double ratio = static_cast<double>(pyramid.level(level).runs.rows()) / pyramid.level(level - 1).runs.rows();
    EXPECT_GT(ratio, 0.25) << level;
    EXPECT_LT(ratio, 0.5) << level << ": a quarter, and the border that smoothing makes";
    EXPECT_EQ(exact.level(level).runs.rows(), exact.level(0).runs.rows()) << "exact: the same voxels";
    EXPECT_EQ(pyramid.level(level).beamlet_count(), exact.level(level).beamlet_count());
  }
}

TEST(ShippedPyramid, HalvesSlicesOnlyWhereThereAreSeveral) {
  testing::SmallPlanOptions options;
  options.slices = 4;
  const PlanProblem several = testing::small_plan(options);
  ShippedPyramid deep(several);
  const PlanProblem one = testing::small_plan();
  ShippedPyramid flat(one);
  EXPECT_LT(deep.level(1).runs.rows(), 4 * flat.level(1).runs.rows());
  EXPECT_GE(deep.level(1).runs.rows(), 2 * flat.level(1).runs.rows());
}

TEST(ShippedPyramid, MeansOfAnEvenDoseAreThatDose) {
  PlanProblem problem = testing::small_plan();
  // One beamlet that gives every voxel 3 Gy per unit weight.
  for (int row = 0; row < problem.influence.rows(); ++row) {
    for (InfluenceMatrix::InnerIterator entry(problem.influence, row); entry; ++entry) entry.valueRef() = 0.0F;
    problem.influence.coeffRef(row, 7) = 3.0F;
  }
  problem.influence.makeCompressed();
  ShippedPyramid pyramid(problem);
  const Level& coarse = pyramid.level(1);
  Eigen::VectorXd weights = Eigen::VectorXd::Zero(coarse.beamlet_count());
  weights.setConstant(1.0);
  const double dose = coarse.runs.dose(0, weights.data());
  for (int row = 0; row < coarse.runs.rows(); ++row) EXPECT_NEAR(coarse.runs.dose(row, weights.data()), dose, 1e-5);
}

TEST(ShippedPyramid, RegionsKeepTheirVolume) {
  const PlanProblem problem = testing::small_plan();
  ShippedPyramid pyramid(problem);
  for (std::size_t s = 0; s < problem.structures.size(); ++s) {
    const double fine = pyramid.regions(0)[s].volume;
    EXPECT_EQ(fine, static_cast<double>(problem.structures[s].planned_rows.size()));
    for (std::uint32_t level = 1; level < kLevelCount; ++level) {
      const VoxelRegion& region = pyramid.regions(level)[s];
      EXPECT_NEAR(region.volume * std::pow(4.0, level), fine, 0.1 * fine) << s << " at level " << level;
      for (double share : region.shares) EXPECT_LE(share, 1.0 + 1e-5);
    }
  }
}

TEST(ShippedPyramid, NeedsToKnowWhereVoxelsLie) {
  PlanProblem problem = testing::small_plan();
  problem.grid.voxel_of_row.pop_back();
  EXPECT_THROW(ShippedPyramid{problem}, std::invalid_argument);
}

}  // namespace
}  // namespace rtmodel
