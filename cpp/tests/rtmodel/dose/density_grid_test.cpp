#include "dose/density_grid.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dose/dose_model.h"
#include "phantom/random.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {
namespace {

DensityGrid random_densities() {
  Random random(7);
  DensityGrid grid{{{6, 5, 4}, {5.0, 4.0, 3.0}, {-10.0, -8.0, -5.0}}, {}};
  for (std::size_t i = 0; i < grid.grid.voxel_count(); ++i)
    grid.density.push_back(static_cast<float>(random.between(0.0, 2.0)));
  return grid;
}

/// Density of the voxel around a point, by definition and without any of the tracer's arithmetic.
double density_around(const DensityGrid& grid, const Vector3& point) {
  std::array<int, 3> at{};
  for (int axis = 0; axis < 3; ++axis)
    at[axis] = static_cast<int>(std::lround((point[axis] - grid.grid.origin_mm[axis]) / grid.grid.spacing_mm[axis]));
  return grid.grid.contains(at[0], at[1], at[2]) ? grid.density[grid.grid.index(at[0], at[1], at[2])] : 0.0;
}

TEST(DensityGrid, RayEqualsASumOfManySmallSteps) {
  const auto grid = random_densities();
  Random random(3);
  constexpr int kSteps = 200000;
  for (int ray = 0; ray < 12; ++ray) {
    Vector3 from{}, to{};
    for (int axis = 0; axis < 3; ++axis) {
      from[axis] = random.between(-30.0, 30.0);
      to[axis] = random.between(-30.0, 30.0);
    }
    // Every third ray runs along an axis, where the tracer divides by nothing.
    if (ray % 3 == 0) from[1] = to[1] = 0.3, from[2] = to[2] = -1.2;
    const double length = std::hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
    double sum = 0.0;
    for (int step = 0; step < kSteps; ++step) {
      const double t = (step + 0.5) / kSteps;
      sum += density_around(
          grid, {from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1]), from[2] + t * (to[2] - from[2])});
    }
    EXPECT_NEAR(grid.water_equivalent_mm(from, to), sum * length / kSteps, 2e-3) << "ray " << ray;
  }
}

TEST(DensityGrid, RayCountsWholeVoxelsExactly) {
  const DensityGrid grid{{{3, 1, 1}, {5.0, 5.0, 5.0}, {0.0, 0.0, 0.0}}, {1.0F, 0.0F, 2.0F}};
  EXPECT_DOUBLE_EQ(grid.water_equivalent_mm({-100, 0, 0}, {100, 0, 0}), 15.0);
  EXPECT_DOUBLE_EQ(grid.water_equivalent_mm({10, 0, 0}, {100, 0, 0}), 5.0);
  EXPECT_DOUBLE_EQ(grid.water_equivalent_mm({-100, 10, 0}, {100, 10, 0}), 0.0);
  EXPECT_DOUBLE_EQ(grid.water_equivalent_mm({5, 0, 0}, {5, 0, 0}), 0.0);
}

TEST(DoseModel, ConvertsHu) {
  EXPECT_DOUBLE_EQ(relative_density(-1000), 0.0);
  EXPECT_DOUBLE_EQ(relative_density(-1050), 0.0);
  EXPECT_DOUBLE_EQ(relative_density(-500), 0.5);
  EXPECT_DOUBLE_EQ(relative_density(0), 1.0);
  EXPECT_DOUBLE_EQ(relative_density(1500), 1.78);
  EXPECT_DOUBLE_EQ(relative_density(20000), 2.5);
}

TEST(DoseModel, DepthDoseHasItsMaximumAt15Mm) {
  double best_mm = 0.0;
  for (double depth = 0.0; depth < 100.0; depth += 0.1)
    if (depth_dose(depth) > depth_dose(best_mm)) best_mm = depth;
  EXPECT_NEAR(best_mm, 15.0, 0.2);
  EXPECT_NEAR(depth_dose(0.0), 0.25, 1e-12);
}

}  // namespace
}  // namespace rtmodel::testing
