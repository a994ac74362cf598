#include <gtest/gtest.h>

#include <cmath>

#include "geometry/distance_map.h"
#include "geometry/voxels.h"
#include "phantom/painter.h"

namespace rtmodel {
namespace {

std::vector<bool> fill(const Grid& grid, const Shape& shape) {
  std::vector<bool> inside(grid.voxel_count());
  for (std::size_t i = 0; i < inside.size(); ++i) inside[i] = shape(grid.center_mm(static_cast<int>(i)));
  return inside;
}

double sphericity(const Grid& grid, const std::vector<bool>& inside) {
  double value = 0.0;
  require_ok(dh_advisor::sphericity_of(voxel_grid(grid), voxels_of(inside), value));
  return value;
}

TEST(DistanceMap, EqualsTheNearestOfAll) {
  const Grid grid{{9, 7, 5}, {5.0, 4.0, 3.0}, {0.0, 0.0, 0.0}};
  std::vector<bool> inside(grid.voxel_count(), false);
  for (const int voxel : {3, 100, 101, 250}) inside[voxel] = true;
  const auto distance = distance_to(grid, inside);
  for (std::size_t i = 0; i < inside.size(); ++i) {
    double nearest = 1e9;
    for (std::size_t j = 0; j < inside.size(); ++j) {
      if (!inside[j]) continue;
      const auto a = grid.center_mm(static_cast<int>(i)), b = grid.center_mm(static_cast<int>(j));
      nearest = std::min(nearest, std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
    }
    EXPECT_NEAR(distance[i], nearest, 1e-4);
  }
}

TEST(DistanceMap, IsInfiniteWithoutVoxels) {
  const Grid grid{{3, 3, 3}, {1.0, 1.0, 1.0}, {0.0, 0.0, 0.0}};
  EXPECT_TRUE(std::isinf(distance_to(grid, std::vector<bool>(27, false))[13]));
}

class Sphericity : public ::testing::TestWithParam<std::array<double, 3>> {};

TEST_P(Sphericity, OfABallIsOne) {
  const auto spacing = GetParam();
  const Grid grid{{81, 81, 81}, spacing, {-40 * spacing[0], -40 * spacing[1], -40 * spacing[2]}};
  EXPECT_NEAR(sphericity(grid, fill(grid, ellipsoid({0, 0, 0}, {30, 30, 30}))), 0.98, 0.03);
}

TEST_P(Sphericity, OfALongCylinderFollowsTheFormula) {
  const auto spacing = GetParam();
  const Grid grid{{81, 81, 81}, spacing, {-40 * spacing[0], -40 * spacing[1], -40 * spacing[2]}};
  const double radius = 20.0, length = 100.0, pi = std::acos(-1.0);
  const double volume = pi * radius * radius * length, surface = 2 * pi * radius * (radius + length);
  EXPECT_NEAR(sphericity(grid, fill(grid, cylinder(0, 0, radius, radius, -length / 2, length / 2))),
              std::cbrt(36 * pi * volume * volume) / surface, 0.05);
}

INSTANTIATE_TEST_SUITE_P(Spacings, Sphericity,
                         ::testing::Values(std::array<double, 3>{5, 5, 5}, std::array<double, 3>{4, 4, 5}));

}  // namespace
}  // namespace rtmodel
