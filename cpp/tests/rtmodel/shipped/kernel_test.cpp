#include "shipped/kernel.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "shipped/divergence.h"

namespace rtmodel {
namespace {

double mass(const ShippedKernel& kernel) { return std::accumulate(kernel.samples.begin(), kernel.samples.end(), 0.0); }

TEST(ShippedKernel, NarrowOneIsCutOffWhereItIsTheWiderOne) {
  const double wide_sigma_gy = std::sqrt(1.5) * 2.5;
  const int radius = shipped_radius(wide_sigma_gy);
  EXPECT_EQ(radius, 25) << "eight of the wide sigmas";
  EXPECT_NEAR(mass(shipped_kernel(wide_sigma_gy, radius)), 1.0, 1e-9);
  EXPECT_NEAR(mass(shipped_kernel(kShippedNarrowSigmaGy, radius)), 0.9892, 1e-4);
}

TEST(ShippedKernel, SlopesAreThoseOfTheSamplesWhenTheCentreMoves) {
  const double h = 1e-5;
  const ShippedKernel kernel = shipped_kernel(6.0, 20);
  for (int bin = -20; bin <= 20; ++bin) {
    auto sample = [&](double centre) {
      const double z = bin - centre;
      return std::exp(-0.5 * z * z / 36.0) / (std::sqrt(2.0 * 3.14159265358979323846) * 6.0);
    };
    EXPECT_NEAR(kernel.slopes[static_cast<std::size_t>(bin + 20)], (sample(h) - sample(-h)) / (2.0 * h), 1e-9) << bin;
  }
}

TEST(ShippedWantedHistogram, FillsTheBinsOfBothEndsWhole) {
  const std::vector<double> even = shipped_wanted_histogram({{60.0, 1.0}, {70.0, 0.0}});
  ASSERT_EQ(even.size(), 71U);
  EXPECT_EQ(even[59], 0.0);
  for (std::size_t bin = 60; bin <= 70; ++bin) EXPECT_NEAR(even[bin], 0.1, 1e-12) << bin;
  EXPECT_NEAR(std::accumulate(even.begin(), even.end(), 0.0), 1.1, 1e-12) << "a bin too much; made one when smoothed";
}

TEST(ShippedWantedHistogram, GivesASharedBinToTheLaterPiece) {
  const std::vector<double> kinked = shipped_wanted_histogram({{0.0, 1.0}, {10.0, 0.2}, {20.0, 0.0}});
  EXPECT_NEAR(kinked[9], 0.08, 1e-12);
  EXPECT_NEAR(kinked[10], 0.02, 1e-12);
}

TEST(ShippedWantedHistogram, RefusesCurvesThatItWouldDivideByZeroFor) {
  EXPECT_THROW(shipped_wanted_histogram({{60.0, 1.0}}), std::invalid_argument);
  EXPECT_THROW(shipped_wanted_histogram({{60.0, 1.0}, {60.0, 0.0}}), std::invalid_argument);
}

class OneStructure : public ::testing::Test {
 protected:
  OneStructure() {
    structure.name = "PTV";
    structure.objective_weight = 2.0;
    structure.prescription = {{60.0, 1.0}, {70.0, 0.0}};
    region.rows = {0, 1};
    region.shares = {1.0, 1.0};
    region.volume = 2.0;
  }

  double evaluate(const ShippedDoses& doses) {
    ShippedDivergence divergence(structure, region);
    divergence.set_wide_sigma(3.0);
    return divergence.evaluate(doses, false);
  }

  dh_advisor::Structure structure;
  VoxelRegion region;
};

TEST_F(OneStructure, VoxelsWithoutDoseCountInTheVolumeAlone) {
  // h log(h / t) of half the volume, where the kernels' sum is the same: the voxel at 0 Gy is in no bin.
  const double one = evaluate({{65.0, 0.0}, {1.0, 1.0}});
  const double both = evaluate({{65.0, 65.0}, {1.0, 1.0}});
  EXPECT_LT(one, 0.5 * both) << "half of log 2 less";
  EXPECT_NEAR(evaluate({{65.0, 1e-7}, {1.0, 1.0}}), one, 1e-15);
  EXPECT_GT(evaluate({{65.0, 1e-3}, {1.0, 1.0}}), one) << "far outside the wanted doses";
}

TEST_F(OneStructure, AVoxelInPartInsideCountsInPart) {
  const ShippedDoses doses{{65.0, 20.0}, {1.0, 1.0}};
  const double whole = evaluate(doses);
  region.shares = {1.0, 0.25};
  region.volume = 1.25;
  EXPECT_LT(evaluate(doses), whole) << "the cold voxel counts less";
}

TEST_F(OneStructure, RefusesAnEmptyRegion) {
  region = {};
  EXPECT_THROW(evaluate({{65.0}, {1.0}}), std::invalid_argument);
}

}  // namespace
}  // namespace rtmodel
