#include "metrics/dose_metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <stdexcept>

#include "metrics/dose.h"
#include "metrics/dose_volume_curve.h"

namespace rtmodel {
namespace {

std::vector<double> zero_to_hundred() {
  std::vector<double> doses(101);
  std::iota(doses.begin(), doses.end(), 0.0);
  return doses;
}

TEST(DoseMetrics, DoseAtPercentIsAPercentile) {
  EXPECT_NEAR(dose_at_percent(zero_to_hundred(), 95.0), 5.0, 1e-9);
  EXPECT_NEAR(dose_at_percent(zero_to_hundred(), 2.0), 98.0, 1e-9);
  EXPECT_DOUBLE_EQ(dose_at_percent({10.0, 20.0}, 50.0), 15.0);
  EXPECT_DOUBLE_EQ(dose_at_percent({7.0}, 95.0), 7.0);
}

TEST(DoseMetrics, DoseAtVolumeCountsVoxelsFromTheHottest) {
  EXPECT_DOUBLE_EQ(dose_at_volume(zero_to_hundred(), 0.125, 0.1), 100.0);
  EXPECT_DOUBLE_EQ(dose_at_volume(zero_to_hundred(), 0.02, 0.1), 96.0);
  EXPECT_DOUBLE_EQ(dose_at_volume(zero_to_hundred(), 0.125, 1000.0), 0.0);
}

/// Four voxels, two beamlets: rows 0 and 1 are a target of 10 Gy, rows 2 and 3 normal tissue.
PlanProblem tiny_problem() {
  PlanProblem problem;
  problem.influence.resize(4, 2);
  problem.influence.insert(0, 0) = 100.0F;
  problem.influence.insert(1, 0) = 90.0F;
  problem.influence.insert(2, 1) = 200.0F;
  problem.influence.insert(3, 0) = 10.0F;
  problem.influence.makeCompressed();
  problem.voxel_volume_cc = 0.125;
  problem.structures.resize(2);
  problem.structures[0].description.role = dh_advisor::StructureRole::kTarget;
  problem.structures[0].description.prescribed_dose_gy = 10.0;
  problem.structures[0].planned_rows = problem.structures[0].contour_rows = {0, 1};
  problem.structures[1].description.role = dh_advisor::StructureRole::kNormalTissue;
  problem.structures[1].planned_rows = problem.structures[1].contour_rows = {2, 3};
  return problem;
}

double metric(const std::vector<dh_advisor::DoseMetric>& metrics, std::uint32_t structure, const std::string& name) {
  for (const auto& entry : metrics)
    if (entry.structure == structure && entry.name == name) return entry.value;
  return std::nan("");
}

TEST(DoseMetrics, OfATinyPlanByHand) {
  const auto problem = tiny_problem();
  const auto dose = recompute_dose(problem, {0.1, 0.05});
  ASSERT_EQ(dose.size(), 4u);
  EXPECT_NEAR(dose[0], 10.0, 1e-6);
  EXPECT_NEAR(dose[1], 9.0, 1e-6);
  EXPECT_NEAR(dose[2], 10.0, 1e-6);
  const auto metrics = dose_metrics(problem, dose);
  EXPECT_NEAR(metric(metrics, 0, "D95"), 9.05, 1e-6);
  EXPECT_NEAR(metric(metrics, 0, "D50"), 9.5, 1e-6);
  EXPECT_NEAR(metric(metrics, 0, "Dmean"), 9.5, 1e-6);
  EXPECT_NEAR(metric(metrics, 0, "HI"), (9.98 - 9.02) / 9.5, 1e-6);
  // At least 9.5 Gy: one of two target voxels, and two voxels in all.
  EXPECT_NEAR(metric(metrics, 0, "paddick"), 1.0 / (2.0 * 2.0), 1e-9);
  EXPECT_NEAR(metric(metrics, 1, "Dmean"), 5.5, 1e-6);
  EXPECT_NEAR(metric(metrics, 1, "D0.1cc"), 10.0, 1e-6);
}

TEST(DoseMetrics, RefusesWeightsOfAnotherPlan) {
  EXPECT_THROW(recompute_dose(tiny_problem(), {0.1}), std::invalid_argument);
}

TEST(DoseVolumeCurve, FallsFromOneToZero) {
  const auto curve = dose_volume_curve({1.0, 2.0, 2.0, 3.0}, 0.5);
  ASSERT_EQ(curve.size(), 8u);
  EXPECT_DOUBLE_EQ(curve[0].volume_fraction, 1.0);
  EXPECT_DOUBLE_EQ(curve[2].volume_fraction, 1.0) << "at least 1 Gy";
  EXPECT_DOUBLE_EQ(curve[3].volume_fraction, 0.75);
  EXPECT_DOUBLE_EQ(curve[6].volume_fraction, 0.25);
  EXPECT_DOUBLE_EQ(curve[7].volume_fraction, 0.0);
}

}  // namespace
}  // namespace rtmodel
