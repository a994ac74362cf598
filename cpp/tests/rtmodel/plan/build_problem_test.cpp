#include "plan/build_problem.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "case/finding.h"
#include "case/read_case.h"
#include "case/write_case.h"
#include "metrics/dose.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {
namespace {

PlanOptions full() {
  PlanOptions options;
  options.beams = equispaced_beams(5);
  options.window_mm.reset();
  return options;
}

std::vector<int> voxels_of(const PlanProblem& problem, const std::vector<int>& rows) {
  std::vector<int> voxels;
  for (const int row : rows) voxels.push_back(problem.grid.voxel_of_row[row]);
  return voxels;
}

TEST(BuildProblem, OrdersStructuresAndGivesEveryVoxelItsHighestTarget) {
  const Case value = small_case();
  const auto plan = build_problem(value, full());
  const auto& structures = plan.problem.structures;
  ASSERT_EQ(structures.size(), 4u);
  EXPECT_EQ(structures[0].description.name, "PTV60");
  EXPECT_EQ(structures[1].description.name, "PTV50");
  EXPECT_EQ(structures[2].description.name, "SpinalCord");
  EXPECT_EQ(structures[3].description.name, "NormalTissue");
  EXPECT_EQ(structures[3].description.role, dh_advisor::StructureRole::kNormalTissue);
  std::vector<int> seen(plan.problem.influence.rows(), 0);
  for (std::size_t s = 0; s < structures.size(); ++s) {
    EXPECT_TRUE(std::is_sorted(structures[s].planned_rows.begin(), structures[s].planned_rows.end()));
    EXPECT_EQ(structures[s].description.voxel_count, structures[s].planned_rows.size());
    if (s != 2)
      for (const int row : structures[s].planned_rows) ++seen[row];
  }
  // Targets and normal tissue share no voxel; the cord lies in normal tissue and, outside its plan, in PTV50.
  EXPECT_EQ(*std::max_element(seen.begin(), seen.end()), 1);
  EXPECT_GT(structures[1].contour_rows.size(), structures[1].planned_rows.size());
  EXPECT_GT(structures[2].contour_rows.size(), structures[2].planned_rows.size());
  for (const int voxel : voxels_of(plan.problem, structures[2].planned_rows)) {
    EXPECT_FALSE(value.is_in(value.structures[0], voxel));
    EXPECT_FALSE(value.is_in(value.structures[1], voxel));
  }
}

TEST(BuildProblem, ScalesUniformWeightsToTheHighestPrescription) {
  const auto plan = build_problem(small_case(), full());
  const auto dose = recompute_dose(plan.problem, std::vector<double>(plan.beamlets.count(), 0.05));
  const auto& rows = plan.problem.structures[0].planned_rows;
  double sum = 0.0;
  for (const int row : rows) sum += dose[row];
  EXPECT_NEAR(sum / static_cast<double>(rows.size()), 60.0, 1e-3);
}

TEST(BuildProblem, RowsAreStructuresAndTheShell) {
  const Case value = small_case();
  const auto plan = build_problem(value, full());
  std::vector<bool> is_row(value.masks.size(), false);
  for (const int voxel : plan.problem.grid.voxel_of_row) is_row[voxel] = true;
  for (std::size_t i = 0; i < value.masks.size(); ++i) {
    const auto p = value.grid.center_mm(static_cast<int>(i));
    const bool in_structure = value.masks[i] & 0b1111 & ~(1 << value.structures.back().bit);
    if (in_structure) {
      EXPECT_TRUE(is_row[i]);
    }
    if (!value.is_in(value.structures.back(), i)) {
      EXPECT_FALSE(is_row[i]) << "outside the body";
    }
    const double radius = std::sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]);
    if (!in_structure && radius > 23.0 + 30.0 + 0.1) {
      EXPECT_FALSE(is_row[i]) << "beyond the shell, at " << radius;
    }
  }
}

TEST(BuildProblem, WindowPlansFewSlicesWithOneRow) {
  PlanOptions options;
  options.window_mm = 5.0;
  Case value = small_case();
  value.isocenter_mm[2] = 1.0;
  const auto plan = build_problem(value, options);
  EXPECT_EQ(plan.beamlets.rows(), 1);
  EXPECT_DOUBLE_EQ(plan.problem.beams[0].row_height_mm, 30.0);
  EXPECT_EQ(plan.problem.grid.isocenter_mm[2], 0.0) << "the row is centred on the slice";
  for (const int voxel : plan.problem.grid.voxel_of_row) EXPECT_LE(std::abs(value.grid.center_mm(voxel)[2]), 5.0);
}

TEST(BuildProblem, MovesTheWindowToASliceWithTargets) {
  PlanOptions options;
  options.window_mm = 0.0;
  Case value = small_case();
  value.isocenter_mm[2] = 30.0;
  const auto plan = build_problem(value, options);
  // PTV60 reaches 15 mm up, but shows there a single voxel: too few to plan, though the slice counts.
  EXPECT_DOUBLE_EQ(plan.problem.grid.isocenter_mm[2], 15.0);
  EXPECT_TRUE(contains(plan.notes.at(0), "shows no target; planned around slice"));
}

TEST(BuildProblem, NotesWhatItLeavesOut) {
  Case value = small_case();
  value.structures[2].is_implausible = true;
  const auto plan = build_problem(value, full());
  EXPECT_TRUE(contains(plan.notes.at(0), "SpinalCord is left out: its contour is flagged as implausible"));
  EXPECT_EQ(plan.problem.structures.size(), 3u);

  value = small_case();
  value.structures[2].name = value.structures[2].tg263_name = "Unheard";
  EXPECT_TRUE(contains(build_problem(value, full()).notes.at(0), "planned as other_organs"));
  auto options = full();
  options.prescription.other_organs.reset();
  EXPECT_TRUE(contains(build_problem(value, options).notes.at(0), "Unheard is left out"));
}

TEST(BuildProblem, LeavesOutStructuresTooSmallToPlan) {
  Case value = small_case();
  const auto bit = static_cast<std::uint16_t>(1U << value.structures[2].bit);
  for (auto& mask : value.masks) mask = static_cast<std::uint16_t>(mask & ~bit);
  const int at = value.grid.index(4, 14, 10);
  value.masks[at] |= bit;
  value.masks[at + 1] |= bit;
  const auto plan = build_problem(value, full());
  EXPECT_TRUE(contains(plan.notes.at(0), "SpinalCord is left out: only 2 of its 2 voxels"));
}

TEST(BuildProblem, CallsNormalTissueLikeNoStructureOfTheCase) {
  for (const char* taken : {"NormalTissue", "normaltissue", "NORMALTISSUE"}) {
    for (const std::size_t of : {0u, 2u}) {
      Case value = small_case();
      value.structures[of].name = taken;
      const auto plan = build_problem(value, full());
      EXPECT_EQ(plan.problem.structures.back().description.name, "NormalTissueShell");
      EXPECT_TRUE(contains(plan.notes.back(), "normal tissue is called NormalTissueShell"));
    }
  }
  Case value = small_case();
  value.structures[0].name = "normaltissue";
  value.structures[1].name = "NormaltissueShell";
  EXPECT_EQ(build_problem(value, full()).problem.structures.back().description.name, "NormalTissueShell2");
}

TEST(BuildProblem, PlansAsManyStructuresAsAMaskHasBits) {
  // 60 organs of a few voxels beside the two targets, the cord and the body: 64 of the case, the highest bit in use.
  Case value = small_case();
  for (int organ = 0; organ < 60; ++organ) {
    const int bit = 4 + organ;
    value.structures.push_back({"Organ" + std::to_string(organ), "", CaseRole::kOrgan, bit, {}, false});
    for (int x = 0; x < 4; ++x) value.masks[value.grid.index(5 + x, 5 + organ % 18, 5 + organ / 18)] |= Mask{1} << bit;
  }
  const TemporaryFolder folder;
  write_case(folder.path(), value);
  const Case read = require_case(folder.path());
  EXPECT_EQ(read.masks, value.masks);
  const auto plan = build_problem(read, full());
  ASSERT_EQ(plan.problem.structures.size(), 64u);
  EXPECT_EQ(plan.problem.structures[62].description.bit, 63u);
  EXPECT_EQ(plan.problem.structures[62].planned_rows.size(), 4u);
}

TEST(BuildProblem, RefusesACaseWithoutTargetVoxels) {
  Case value = small_case();
  for (auto& mask : value.masks) mask = static_cast<std::uint16_t>(mask & (1U << value.structures.back().bit));
  EXPECT_THROW(build_problem(value, full()), InputError);
}

TEST(BuildProblem, DescribesTheGeometryOfStructures) {
  const auto plan = build_problem(small_case(), full());
  const auto& structures = plan.problem.structures;
  EXPECT_GT(structures[0].geometry.sphericity, 0.9);
  EXPECT_LT(structures[3].geometry.sphericity, structures[0].geometry.sphericity - 0.1);
  EXPECT_EQ(structures[0].geometry.target_distance_mm, 0.0);
  EXPECT_EQ(structures[2].geometry.target_distance_mm, 0.0) << "the cord's contour overlaps PTV50";
  EXPECT_EQ(structures[3].geometry.target_distance_mm, 5.0);
  EXPECT_GT(structures[3].geometry.dose_gradient_gy_per_mm, structures[0].geometry.dose_gradient_gy_per_mm);
  for (std::size_t s = 0; s < structures.size(); ++s) EXPECT_EQ(structures[s].geometry.structure, s);
}

TEST(BuildProblem, RefusesBadOptions) {
  auto options = full();
  options.beamlet_mm = 0.1;
  EXPECT_THROW(build_problem(small_case(), options), InputError);
  options = full();
  options.window_mm = -1.0;
  EXPECT_THROW(build_problem(small_case(), options), InputError);
}

TEST(BuildProblem, ShippedHasDhsGridSliceAndGoals) {
  PlanOptions options = PlanOptions::of(Fidelity::kShipped);
  options.beams = equispaced_beams(5);
  const auto plan = build_problem(small_case(), options);
  EXPECT_EQ(plan.beamlets.columns(), 39);
  EXPECT_EQ(plan.beamlets.rows(), 1);
  EXPECT_DOUBLE_EQ(plan.problem.beams[0].column_width_mm, 4.0);
  EXPECT_DOUBLE_EQ(plan.problem.beams[0].row_height_mm, 20.0);
  EXPECT_EQ(std::count(plan.problem.is_excluded.begin(), plan.problem.is_excluded.end(), true), 0);
  const int per_slice = plan.problem.grid.size[0] * plan.problem.grid.size[1];
  for (const int voxel : plan.problem.grid.voxel_of_row) EXPECT_EQ(voxel / per_slice, plan.slice);
  EXPECT_DOUBLE_EQ(plan.problem.structures[0].description.objective_weight, 2.5);
  EXPECT_NEAR(plan.problem.structures[0].description.prescription[1].dose_gy, 70.0, 1e-4);
  EXPECT_EQ(PlanOptions::of(Fidelity::kExact).beamlet_mm, PlanOptions{}.beamlet_mm);
}

TEST(BuildProblem, SaysWhenTheColumnsDoNotReachTheTargets) {
  PlanOptions options = PlanOptions::of(Fidelity::kShipped);
  options.beams = equispaced_beams(5);
  options.columns = 5;
  const auto plan = build_problem(small_case(), options);
  ASSERT_FALSE(plan.notes.empty());
  EXPECT_TRUE(contains(plan.notes.back(), "beyond the beams' 5 columns")) << plan.notes.back();
  options.row_height_mm = 0.0;
  EXPECT_THROW(build_problem(small_case(), options), InputError);
}

}  // namespace
}  // namespace rtmodel::testing
