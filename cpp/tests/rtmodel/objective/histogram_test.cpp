#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "objective/histogram_kernel.h"
#include "objective/structure_divergence.h"

namespace rtmodel {
namespace {

double mean_gy(const std::vector<double>& histogram) {
  double sum = 0.0;
  for (std::size_t bin = 0; bin < histogram.size(); ++bin) sum += static_cast<double>(bin) * histogram[bin];
  return sum;
}

double total(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

TEST(GaussianKernel, IsNormalisedSymmetricAndOfItsVariance) {
  const HistogramKernel kernel = gaussian_kernel(16.0);
  EXPECT_EQ(kernel.radius, 16);
  EXPECT_NEAR(total(kernel.samples), 1.0, 1e-14);
  double variance = 0.0;
  for (int bin = -kernel.radius; bin <= kernel.radius; ++bin) {
    variance += bin * bin * kernel.samples[static_cast<std::size_t>(bin + kernel.radius)];
    EXPECT_EQ(kernel.samples[static_cast<std::size_t>(bin + kernel.radius)],
              kernel.samples[static_cast<std::size_t>(kernel.radius - bin)]);
  }
  EXPECT_NEAR(variance, 16.0, 0.05);
}

TEST(WantedHistogram, SpreadsAnIntervalEvenly) {
  const auto histogram = wanted_histogram({{10.0, 1.0}, {14.0, 0.0}}, 20);
  EXPECT_NEAR(total(histogram), 1.0, 1e-14);
  EXPECT_NEAR(mean_gy(histogram), 12.0, 1e-12);
  EXPECT_NEAR(histogram[10], 0.125, 1e-12);
  EXPECT_NEAR(histogram[12], 0.25, 1e-12);
  EXPECT_NEAR(histogram[14], 0.125, 1e-12);
}

TEST(WantedHistogram, FollowsEveryPieceOfTheCurve) {
  // Half the volume between 0 and 10 Gy, a vertical fifth at 10 Gy, the rest to 11.5 Gy, a tenth left at the last
  // point.
  const auto histogram = wanted_histogram({{0.0, 1.0}, {10.0, 0.5}, {10.0, 0.3}, {11.5, 0.1}}, 20);
  EXPECT_NEAR(total(histogram), 1.0, 1e-14);
  EXPECT_NEAR(mean_gy(histogram), 0.5 * 5.0 + 0.2 * 10.0 + 0.2 * 10.75 + 0.1 * 11.5, 1e-12);
}

TEST(WantedHistogram, NamesAPointOutOfOrder) {
  EXPECT_THROW(wanted_histogram({}, 20), std::invalid_argument);
  EXPECT_THROW(wanted_histogram({{5.0, 1.0}, {4.0, 0.0}}, 20), std::invalid_argument);
  EXPECT_THROW(wanted_histogram({{5.0, 0.5}, {6.0, 0.7}}, 20), std::invalid_argument);
  EXPECT_THROW(wanted_histogram({{-1.0, 1.0}, {6.0, 0.0}}, 20), std::invalid_argument);
  EXPECT_THROW(wanted_histogram({{std::nan(""), 1.0}}, 20), std::invalid_argument);
  try {
    wanted_histogram({{5.0, 0.5}, {6.0, 0.7}}, 20);
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("6.000000 Gy, 0.700000"), std::string::npos) << error.what();
  }
}

PlannedStructure three_voxels() {
  PlannedStructure structure;
  structure.description.name = "three";
  structure.description.objective_weight = 2.0;
  structure.description.prescription = {{10.0, 1.0}, {10.0, 0.0}};
  structure.planned_rows = {0, 1, 2};
  return structure;
}

TEST(StructureDivergence, IsZeroOnTargetAndGrowsAwayFromIt) {
  StructureDivergence divergence(three_voxels(), 30.0);
  // With equal variances both kernels are one and the smoothed histograms agree.
  divergence.set_variances(4.0, 4.0);
  const std::vector<double> on_target{10.0, 10.0, 10.0};
  const std::vector<double> off_target{13.0, 13.0, 13.0};
  EXPECT_NEAR(divergence.evaluate(on_target.data(), nullptr, false), 0.0, 5e-3);
  EXPECT_GT(divergence.evaluate(off_target.data(), nullptr, true), 1.0);
  EXPECT_GT(divergence.slope(13.0, 0.0), 0.0) << "more dose takes it further away";
}

TEST(StructureDivergence, EqualsTheSumOfTheFormula) {
  StructureDivergence divergence(three_voxels(), 30.0);
  divergence.set_variances(1.0, 9.0);
  const std::vector<double> dose{8.0, 9.5, 12.0};
  const std::vector<double> share{0.0, 0.25, 1.0};
  const HistogramKernel narrow = gaussian_kernel(1.0);
  const HistogramKernel wide = gaussian_kernel(9.0);
  auto at = [](const HistogramKernel& kernel, int offset) {
    return std::abs(offset) > kernel.radius ? 0.0 : kernel.samples[static_cast<std::size_t>(offset + kernel.radius)];
  };
  double sum = 0.0;
  for (int bin = -20; bin <= 50; ++bin) {
    double h = 0.0;
    for (std::size_t voxel = 0; voxel < dose.size(); ++voxel) {
      const int low = static_cast<int>(dose[voxel]);
      const double fraction = dose[voxel] - low;
      for (const auto& [place, part] : {std::pair{low, 1.0 - fraction}, std::pair{low + 1, fraction}}) {
        h += part / 3.0 * ((1.0 - share[voxel]) * at(narrow, bin - place) + share[voxel] * at(wide, bin - place));
      }
    }
    const double t = 0.5 * (at(narrow, bin - 10) + at(wide, bin - 10));
    sum += h * std::log(h / (t + 1e-5) + 1e-5);
  }
  EXPECT_NEAR(divergence.evaluate(dose.data(), share.data(), false), 2.0 * sum, 1e-12);
}

TEST(StructureDivergence, NamesAStructureWithoutVoxels) {
  PlannedStructure structure = three_voxels();
  structure.planned_rows.clear();
  EXPECT_THROW(StructureDivergence(structure, 30.0), std::invalid_argument);
}

}  // namespace
}  // namespace rtmodel
