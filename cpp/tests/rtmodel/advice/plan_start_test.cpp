// How a plan introduces itself to an advisor.
#include "advice/plan_start.h"

#include <gtest/gtest.h>

#include "pyramid/pyramid.h"
#include "rtmodel/small_plan/small_plan.h"

namespace rtmodel::testing {
namespace {

class PlanStart : public ::testing::Test {
 protected:
  PlanStart() {
    for (auto& structure : problem_.structures) structure.description.bit = next_bit_++;
  }
  dh_advisor::PlanStart start(const RunOptions& options) { return plan_start(problem_, Pyramid(problem_), options); }

  PlanProblem problem_ = small_plan();
  // A case of more than 16 structures, of which the plan has the last.
  std::uint32_t next_bit_ = 14;
};

TEST_F(PlanStart, TellsBitsOfTheMasksThatItOffers) {
  RunOptions options;
  options.geometry.volumes.emplace_back();
  options.geometry.volumes.back().kind = dh_advisor::TensorKind::kStructureMask;
  EXPECT_EQ(start(options).structures[1].bit, 15u);
}

TEST_F(PlanStart, TellsNoBitsWithoutMasksWhichWouldBeRefused) {
  ASSERT_GT(problem_.structures.size(), 2u);
  ASSERT_GE(problem_.structures[2].description.bit, 16u);
  for (const auto& structure : start(RunOptions{}).structures) EXPECT_EQ(structure.bit, 0u) << structure.name;
}

}  // namespace
}  // namespace rtmodel::testing
