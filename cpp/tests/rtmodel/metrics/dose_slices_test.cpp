#include "metrics/dose_slices.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "metrics/dose.h"
#include "metrics/dose_volume_curve.h"
#include "plan/build_problem.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel {
namespace {

using dh_advisor::DoseSlice;
using dh_advisor::Plane;

class DoseSlices : public ::testing::Test {
 protected:
  BuiltPlan build() const {
    PlanOptions options;
    options.beams = equispaced_beams(5);
    return build_problem(case_, options);
  }
  const Case case_ = testing::small_case();
};

TEST_F(DoseSlices, AxialOneHasTheDoseOfThePlannedVoxelsAndNothingElsewhere) {
  const BuiltPlan plan = build();
  std::vector<double> dose_gy(plan.problem.grid.voxel_of_row.size());
  for (std::size_t row = 0; row < dose_gy.size(); ++row) dose_gy[row] = 1.0 + static_cast<double>(row);
  const DoseSlice slice = dose_slices(case_.grid, plan.problem, dose_gy).at(0);
  EXPECT_EQ(slice.plane, Plane::kAxial);
  EXPECT_EQ(slice.rows, static_cast<std::uint32_t>(case_.grid.size[1]));
  EXPECT_EQ(slice.columns, static_cast<std::uint32_t>(case_.grid.size[0]));
  std::size_t planned = 0;
  for (std::size_t row = 0; row < dose_gy.size(); ++row) {
    const auto at = case_.grid.coordinates(plan.problem.grid.voxel_of_row[row]);
    if (at[2] != plan.slice) continue;
    ++planned;
    EXPECT_EQ(slice.dose_gy[at[1] * slice.columns + at[0]], static_cast<float>(dose_gy[row]));
  }
  const auto filled = std::count_if(slice.dose_gy.begin(), slice.dose_gy.end(), [](float gy) { return gy > 0.0F; });
  EXPECT_EQ(static_cast<std::size_t>(filled), planned);
  EXPECT_GT(planned, 0U);
}

TEST_F(DoseSlices, PlanesAlongThePatientHaveHeadUp) {
  const BuiltPlan plan = build();
  std::vector<double> dose_gy(plan.problem.grid.voxel_of_row.size());
  for (std::size_t row = 0; row < dose_gy.size(); ++row)
    dose_gy[row] = 1.0 + case_.grid.coordinates(plan.problem.grid.voxel_of_row[row])[2];
  const auto slices = dose_slices(case_.grid, plan.problem, dose_gy);
  ASSERT_EQ(slices.size(), 3U);
  for (const std::size_t i : {1, 2}) {
    EXPECT_EQ(slices[i].rows, static_cast<std::uint32_t>(case_.grid.size[2]));
    for (std::uint32_t row = 0; row < slices[i].rows; ++row)
      for (std::uint32_t column = 0; column < slices[i].columns; ++column)
        if (const float gy = slices[i].dose_gy[row * slices[i].columns + column]; gy > 0.0F) {
          EXPECT_EQ(gy, static_cast<float>(case_.grid.size[2] - row)) << "rows run against z";
        }
  }
}

TEST_F(DoseSlices, OfAGridOfMoreThan256ColumnsEverySecondIsKept) {
  BuiltPlan plan = build();
  Grid wide = case_.grid;
  wide.size[0] = 300;
  for (int& voxel : plan.problem.grid.voxel_of_row) {
    const auto at = case_.grid.coordinates(voxel);
    voxel = wide.index(at[0], at[1], at[2]);
  }
  const std::vector<double> dose_gy(plan.problem.grid.voxel_of_row.size(), 7.0);
  const DoseSlice slice = dose_slices(wide, plan.problem, dose_gy).at(0);
  EXPECT_EQ(slice.columns, 150U);
  EXPECT_EQ(slice.column_spacing_mm, 2.0 * wide.spacing_mm[0]);
}

TEST_F(DoseSlices, CurvesFallFromAllToNothingInAtMost201Points) {
  const BuiltPlan plan = build();
  for (const double highest_gy : {10.0, 400.0}) {
    std::vector<double> dose_gy(plan.problem.grid.voxel_of_row.size());
    for (std::size_t row = 0; row < dose_gy.size(); ++row)
      dose_gy[row] = highest_gy * static_cast<double>(row) / static_cast<double>(dose_gy.size() - 1);
    const auto curves = dose_volume_curves(plan.problem, dose_gy);
    EXPECT_EQ(curves.size(), plan.problem.structures.size());
    for (const auto& curve : curves) {
      EXPECT_LE(curve.points.size(), 201U);
      EXPECT_EQ(curve.points.front().volume_fraction, 1.0);
      EXPECT_EQ(curve.points.back().volume_fraction, 0.0);
    }
  }
}

}  // namespace
}  // namespace rtmodel
