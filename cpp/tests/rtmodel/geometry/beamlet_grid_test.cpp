#include "geometry/beamlet_grid.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "case/finding.h"

namespace rtmodel {
namespace {

TEST(BeamletGrid, IsOddAndCoversTargetsWithMargin) {
  const auto grid = cover_targets(equispaced_beams(4), {0, 0, 0}, {{-20, 0, 0}, {31, 0, 12}}, {});
  EXPECT_EQ(grid.columns() % 2, 1);
  EXPECT_EQ(grid.rows() % 2, 1);
  // At gantry 0 the point at x = 31 needs u up to 36; columns reach 37.5.
  EXPECT_EQ(grid.columns(), 15);
  EXPECT_DOUBLE_EQ(grid.u_mm(0), -35.0);
  EXPECT_DOUBLE_EQ(grid.u_mm(7), 0.0);
  EXPECT_EQ(grid.count(), 4 * grid.columns() * grid.rows());
  EXPECT_EQ(grid.is_excluded.size(), static_cast<std::size_t>(grid.count()));
}

TEST(BeamletGrid, ExcludesBeamletsFarFromTargets) {
  BeamletGridOptions options;
  options.single_row_height_mm = 50.0;
  const auto grid = cover_targets({{0.0, 0.0}}, {0, 0, 0}, {{-21, 0, 0}, {21, 0, 0}}, options);
  ASSERT_EQ(grid.rows(), 1);
  ASSERT_EQ(grid.columns(), 11);
  for (int column = 0; column < grid.columns(); ++column) {
    const double u = grid.u_mm(column);
    const double gap = std::min(std::abs(u - 21.0), std::abs(u + 21.0)) - 2.5;
    EXPECT_EQ(grid.is_excluded[column], gap > 5.0) << "u = " << u;
  }
}

TEST(BeamletGrid, RefusesTargetsFarFromTheIsocenter) {
  EXPECT_THROW(cover_targets({{0.0, 0.0}}, {0, 0, 0}, {{400, 0, 0}}, {}), InputError);
  BeamletGridOptions options;
  options.spacing_mm = 0.0;
  EXPECT_THROW(cover_targets({{0.0, 0.0}}, {0, 0, 0}, {{0, 0, 0}}, options), InputError);
}

TEST(BeamletGrid, MayHaveSoManyColumnsAndExcludeNone) {
  BeamletGridOptions options;
  options.spacing_mm = 4.0;
  options.single_row_height_mm = 20.0;
  options.columns = 39;
  options.excludes = false;
  const auto grid = cover_targets({{0.0, 0.0}}, {0, 0, 0}, {{-21, 0, 0}, {21, 0, 0}}, options);
  EXPECT_EQ(grid.columns(), 39);
  EXPECT_DOUBLE_EQ(grid.u_mm(0), -76.0);
  EXPECT_EQ(std::count(grid.is_excluded.begin(), grid.is_excluded.end(), true), 0);
  EXPECT_EQ(grid.uncovered_mm, 0.0);
  const auto narrow = cover_targets({{0.0, 0.0}}, {0, 0, 0}, {{-90, 0, 0}, {90, 0, 0}}, options);
  EXPECT_DOUBLE_EQ(narrow.uncovered_mm, 12.0) << "columns end at 78";
  options.excludes = true;
  const auto excluding = cover_targets({{0.0, 0.0}}, {0, 0, 0}, {{-21, 0, 0}, {21, 0, 0}}, options);
  EXPECT_GT(std::count(excluding.is_excluded.begin(), excluding.is_excluded.end(), true), 20);
}

TEST(BeamletGrid, RefusesAnEvenNumberOfColumns) {
  BeamletGridOptions options;
  for (int columns : {-1, 2, 603}) {
    options.columns = columns;
    EXPECT_THROW(cover_targets({{0.0, 0.0}}, {0, 0, 0}, {{0, 0, 0}}, options), InputError) << columns;
  }
}

}  // namespace
}  // namespace rtmodel
