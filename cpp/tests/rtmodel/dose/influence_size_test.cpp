#include "dose/influence_size.h"

#include <gtest/gtest.h>

#include "case/finding.h"
#include "plan/build_problem.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {
namespace {

std::string fault_of(const InfluenceSize& size, std::optional<double> limit_gb) {
  try {
    require_room(size, limit_gb);
  } catch (const InputError& fault) {
    return fault.what();
  }
  return "none";
}

TEST(InfluenceSize, IsEstimatedFromASample) {
  for (const bool is_full : {false, true}) {
    PlanOptions options;
    if (is_full) options.window_mm.reset();
    const auto plan = build_problem(small_case(), options);
    const auto size = estimate_influence(plan.density, plan.beamlets, plan.problem.grid.voxel_of_row, 1);
    const auto made = static_cast<double>(plan.problem.influence.nonZeros());
    EXPECT_NEAR(size.entries / made, 1.0, 0.3) << is_full;
    EXPECT_GT(size.memory_gb, 16e-9 * made);
  }
}

TEST(InfluenceSize, BeyondALimitIsRefusedWithTheEstimate) {
  EXPECT_EQ(fault_of({1e6, 0.02}, std::nullopt), "none");
  EXPECT_EQ(fault_of({1e6, 0.02}, 0.03), "none");
  const auto fault = fault_of({1e6, 0.02}, 0.01);
  EXPECT_TRUE(contains(fault,
                       "about 1e+06 entries, and planning would take about 0.02 GB of memory, more than the "
                       "limit of 0.01 GB"));
  EXPECT_TRUE(contains(fault, "or raise --memory-limit-gb"));
  EXPECT_TRUE(contains(fault_of({3e9, 50.0}, 1000.0), "more than 2.1e9 entries can't be held"));
  EXPECT_GT(default_memory_limit_gb(), 0.1);
}

TEST(InfluenceSize, IsCheckedBeforeTheMatrixIsMade) {
  PlanOptions options;
  options.memory_limit_gb = 1e-6;
  EXPECT_THROW(build_problem(small_case(), options), InputError);
  options = {};
  options.window_mm.reset();
  options.beamlet_mm = 1.0;
  options.beams = equispaced_beams(72);
  Case value = small_case();
  for (auto& spacing : value.grid.spacing_mm) spacing = 12.0;
  try {
    build_problem(value, options);
    FAIL() << "no error";
  } catch (const InputError& fault) {
    EXPECT_TRUE(contains(fault.what(), "beamlets are more than 1000000; use larger beamlets"));
  }
}

}  // namespace
}  // namespace rtmodel::testing
