#include "dose/influence.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <numeric>

#include "dose/dose_model.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {
namespace {

struct Scene {
  Case value = small_case();
  DensityGrid density = DensityGrid::from_ct(value);
  BeamletGrid beamlets =
      cover_targets({{40.0, 0.0}, {200.0, 10.0}}, {0, 0, 0}, {{-15, 0, 0}, {15, 0, 0}, {0, 0, 15}, {0, 15, -15}}, {});
  std::vector<int> voxels;

  Scene() {
    for (std::size_t i = 0; i < value.masks.size(); i += 3)
      if (value.is_in(value.structures.back(), i)) voxels.push_back(static_cast<int>(i));
  }
};

double gauss(double x, double sigma) {
  return std::exp(-0.5 * x * x / (sigma * sigma)) / (sigma * std::sqrt(2.0 * std::acos(-1.0)));
}

/// Dose of one beamlet by the definition: the ray summed in small steps, the beamlet's box as a sum of Gaussian points.
double dose_by_definition(const Scene& scene, int beamlet, int voxel) {
  const auto& grid = scene.beamlets;
  const auto& frame = grid.frames[beamlet / grid.per_beam()];
  const Vector3 point = scene.value.grid.center_mm(voxel);
  double depth_mm = 0.0, distance = 0.0;
  for (int i = 0; i < 3; ++i) distance += (frame.source_mm[i] - point[i]) * (frame.source_mm[i] - point[i]);
  distance = std::sqrt(distance);
  constexpr double kStepMm = 0.01, kReachMm = 200.0;
  for (double at = 0.5 * kStepMm; at < kReachMm; at += kStepMm) {
    Vector3 q{};
    std::array<int, 3> index{};
    for (int i = 0; i < 3; ++i) {
      q[i] = point[i] + (frame.source_mm[i] - point[i]) * at / distance;
      index[i] =
          static_cast<int>(std::lround((q[i] - scene.density.grid.origin_mm[i]) / scene.density.grid.spacing_mm[i]));
    }
    if (scene.density.grid.contains(index[0], index[1], index[2]))
      depth_mm += kStepMm * scene.density.density[scene.density.grid.index(index[0], index[1], index[2])];
  }
  const auto seen = frame.project(point);
  const double scale = seen.depth_mm / 1000.0;
  const double u = grid.u_mm(beamlet % grid.columns()), v = grid.v_mm(beamlet % grid.per_beam() / grid.columns());
  constexpr int kPoints = 400;
  const double step = grid.beams[0].column_width_mm * scale / kPoints;
  double share = 0.0;
  for (const auto& [part, sigma] : {std::pair(0.82, 3.5), std::pair(0.18, 18.0)}) {
    double across = 0.0, along = 0.0;
    for (int i = 0; i < kPoints; ++i) {
      const double offset = (i + 0.5 - kPoints / 2) * step;
      across += step * gauss((u - seen.u_mm) * scale + offset, sigma);
      along += step * gauss((v - seen.v_mm) * scale + offset, sigma);
    }
    share += part * across * along;
  }
  const double build_up = 1.0 - 0.75 * std::exp(-depth_mm / 4.0);
  return share * std::exp(-0.0045 * depth_mm) * build_up * (1000.0 / distance) * (1000.0 / distance);
}

TEST(Influence, ColumnsEqualTheNumericalSum) {
  const Scene scene;
  const auto influence = compute_influence(scene.density, scene.beamlets, scene.voxels, 2);
  int compared = 0;
  for (std::size_t row = 0; row < scene.voxels.size(); row += 23) {
    for (InfluenceMatrix::InnerIterator entry(influence, static_cast<int>(row)); entry; ++entry) {
      if (entry.col() % 11 != 0) continue;
      const double expected = dose_by_definition(scene, static_cast<int>(entry.col()), scene.voxels[row]);
      EXPECT_NEAR(entry.value(), expected, 1e-3 * expected + 1e-9);
      ++compared;
    }
  }
  EXPECT_GT(compared, 100);
}

TEST(Influence, DropsOnlyWhatIsBelowTheCutOff) {
  const Scene scene;
  const auto influence = compute_influence(scene.density, scene.beamlets, scene.voxels, 1);
  std::vector<double> highest(scene.beamlets.count(), 0.0), lowest(scene.beamlets.count(), 1e9);
  for (int row = 0; row < influence.rows(); ++row) {
    for (InfluenceMatrix::InnerIterator entry(influence, row); entry; ++entry) {
      highest[entry.col()] = std::max<double>(highest[entry.col()], entry.value());
      lowest[entry.col()] = std::min<double>(lowest[entry.col()], entry.value());
    }
  }
  bool some_dropped = false;
  for (int beamlet = 0; beamlet < scene.beamlets.count(); ++beamlet) {
    if (scene.beamlets.is_excluded[beamlet]) {
      EXPECT_EQ(highest[beamlet], 0.0) << "excluded beamlets have empty columns";
      continue;
    }
    EXPECT_GT(highest[beamlet], 0.0);
    EXPECT_GE(lowest[beamlet], 0.999e-3 * highest[beamlet]);
    for (std::size_t row = 0; row < scene.voxels.size() && beamlet % 13 == 0; row += 29) {
      if (influence.coeff(static_cast<int>(row), beamlet) != 0.0F) continue;
      some_dropped = true;
      EXPECT_LE(dose_by_definition(scene, beamlet, scene.voxels[row]), 1.01e-3 * highest[beamlet]);
    }
  }
  EXPECT_TRUE(some_dropped);
}

TEST(Influence, IsTheSameBitsForAnyNumberOfThreads) {
  const Scene scene;
  const auto one = compute_influence(scene.density, scene.beamlets, scene.voxels, 1);
  for (const int threads : {2, 3, 7}) {
    const auto many = compute_influence(scene.density, scene.beamlets, scene.voxels, threads);
    ASSERT_EQ(one.nonZeros(), many.nonZeros());
    EXPECT_EQ(0, std::memcmp(one.valuePtr(), many.valuePtr(), sizeof(float) * one.nonZeros()));
    EXPECT_EQ(0, std::memcmp(one.innerIndexPtr(), many.innerIndexPtr(), sizeof(int) * one.nonZeros()));
  }
}

TEST(PathDensities, FollowTheBeamletThroughTheBox) {
  const Scene scene;
  const auto grid = cover_targets({{0.0, 0.0}}, {0, 0, 0}, {{0, 0, 0}}, {});
  const auto densities = path_densities(scene.density, grid.beams, {0, 0, 0});
  ASSERT_EQ(densities.size(), static_cast<std::size_t>(grid.count()) * dh_advisor::kPathSamples);
  const int middle = (grid.rows() / 2) * grid.columns() + grid.columns() / 2;
  const auto* path = &densities[static_cast<std::size_t>(middle) * dh_advisor::kPathSamples];
  // The box reaches +-52.5 mm; samples lie 5 mm apart, the first 247.5 mm before the isocentre.
  EXPECT_EQ(path[0], 0.0);
  EXPECT_NEAR(path[50], 1.0, 1e-6);
  EXPECT_NEAR(5.0 * std::accumulate(path, path + dh_advisor::kPathSamples, 0.0), 105.0, 0.1);
}

}  // namespace
}  // namespace rtmodel::testing
