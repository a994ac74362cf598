#include "metrics/body_dose.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "checks/checks.h"
#include "metrics/dose.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel {
namespace {

class BodyDose : public ::testing::Test {
 protected:
  void SetUp() override {
    PlanOptions options;
    options.beams = equispaced_beams(5);
    plan_ = build_problem(case_, options);
    // Uneven, so that a dose of the wrong beamlet shows.
    for (int i = 0; i < plan_.beamlets.count(); ++i)
      weights_.push_back(plan_.problem.is_excluded[i] ? 0.0 : 0.01 * (i % 7));
  }
  const Case case_ = testing::small_case();
  BuiltPlan plan_;
  std::vector<double> weights_;
};

TEST_F(BodyDose, IsThePlansOwnWhereItIsPlanned) {
  const auto everywhere = body_dose(case_, plan_, weights_, 0);
  const auto planned = recompute_dose(plan_.problem, weights_);
  const double highest = *std::max_element(planned.begin(), planned.end());
  ASSERT_GT(highest, 1.0);
  for (std::size_t row = 0; row < planned.size(); ++row)
    ASSERT_NEAR(everywhere[plan_.problem.grid.voxel_of_row[row]], planned[row], 1e-5 * highest) << row;
}

TEST_F(BodyDose, FillsTheBodyBeyondThePlannedSlicesAndNothingElse) {
  const auto dose_gy = body_dose(case_, plan_, weights_, 0);
  ASSERT_EQ(dose_gy.size(), case_.grid.voxel_count());
  const CaseStructure& body = *body_of(case_);
  std::size_t in_body = 0;
  for (std::size_t i = 0; i < dose_gy.size(); ++i) {
    if (!case_.is_in(body, i)) {
      ASSERT_EQ(dose_gy[i], 0.0F) << i;
    }
    if (dose_gy[i] > 0.0F) ++in_body;
  }
  EXPECT_GT(in_body, 2 * plan_.problem.grid.voxel_of_row.size()) << "more than the planned slices";
}

TEST_F(BodyDose, IsTheSameForAnyNumberOfThreads) {
  EXPECT_EQ(body_dose(case_, plan_, weights_, 1), body_dose(case_, plan_, weights_, 3));
}

TEST_F(BodyDose, RefusesWeightsOfAnotherPlan) {
  weights_.pop_back();
  EXPECT_THROW(body_dose(case_, plan_, weights_, 1), std::invalid_argument);
}

}  // namespace
}  // namespace rtmodel
