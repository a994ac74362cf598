#include "rtmodel/c_api/c_api_fixture.h"

namespace rtmodel::testing {
namespace {

TEST_F(CApi, OptimizesWithCallbackAndResult) {
  create();
  struct Seen {
    int calls = 0;
    size_t beamlets = 0;
  } seen;
  optimize(
      [](const rtmodel_progress* progress, void* user) {
        auto* counted = static_cast<Seen*>(user);
        ++counted->calls;
        counted->beamlets = progress->beamlet_count;
        return 1;
      },
      &seen);
  EXPECT_GT(seen.calls, 10);
  EXPECT_EQ(seen.beamlets, sizes_.beamlets);
  EXPECT_EQ(result()["total"]["iterations"].get<int>(), seen.calls);
  EXPECT_GT(result()["structures"][0]["metrics"]["D95"].get<double>(), 54.0);
}

TEST_F(CApi, CallbackAndCancelEndTheRun) {
  create();
  optimize([](const rtmodel_progress* progress, void*) { return progress->iteration < 2 ? 1 : 0; });
  EXPECT_EQ(result()["stop_reason"], "cancelled");
  optimize(
      [](const rtmodel_progress*, void* user) {
        rtmodel_Cancel(static_cast<rtmodel_optimizer*>(user));
        return 1;
      },
      optimizer_);
  EXPECT_EQ(result()["stop_reason"], "cancelled");
  EXPECT_LE(result()["total"]["iterations"].get<int>(), 2);
  optimize();
  EXPECT_NE(result()["stop_reason"], "cancelled") << "a cancelled optimizer can run again";
}

TEST_F(CApi, ACancelBeforeTheRunHasBegunEndsIt) {
  create();
  rtmodel_Cancel(optimizer_);
  optimize();
  EXPECT_EQ(result()["stop_reason"], "cancelled");
  EXPECT_LE(result()["total"]["iterations"].get<int>(), 2);
  optimize();
  EXPECT_NE(result()["stop_reason"], "cancelled") << "and only that one";
}

TEST_F(CApi, WhatACallbackThrowsEndsInAStatus) {
  create();
  EXPECT_EQ(rtmodel_Optimize(
                optimizer_, [](const rtmodel_progress*, void*) -> int { throw 3; }, nullptr),
            RTMODEL_FAULT);
  EXPECT_TRUE(contains(rtmodel_LastError(), "unexpected fault of unknown kind"));
}

TEST_F(CApi, NoPointerMayBeMissing) {
  create();
  std::vector<double> numbers(sizes_.beamlets * 100);
  double* const some = numbers.data();
  EXPECT_EQ(rtmodel_GetSizes(nullptr).beamlets, 0u);
  EXPECT_TRUE(contains(rtmodel_LastError(), "GetSizes: problem is NULL"));
  EXPECT_EQ(rtmodel_GetSizes(problem_).structures, 4u);
  EXPECT_STREQ(rtmodel_LastError(), "");
  rtmodel_GetStructureDoses(nullptr, some, some);
  EXPECT_TRUE(contains(rtmodel_LastError(), "GetStructureDoses: problem, mean_gy or maximum_gy is NULL"));
  rtmodel_GetPathDensities(problem_, nullptr);
  EXPECT_TRUE(contains(rtmodel_LastError(), "GetPathDensities: problem or densities is NULL"));
  rtmodel_GetVoxelPositions(problem_, nullptr);
  EXPECT_TRUE(contains(rtmodel_LastError(), "GetVoxelPositions"));
  rtmodel_GetExcluded(problem_, nullptr);
  EXPECT_TRUE(contains(rtmodel_LastError(), "GetExcluded"));
  rtmodel_GetInfluence(problem_, nullptr, nullptr, nullptr);
  EXPECT_TRUE(contains(rtmodel_LastError(), "GetInfluence"));
  EXPECT_EQ(rtmodel_GetStructure(problem_, 0, nullptr), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_ComputeDose(problem_, nullptr, sizes_.beamlets, some), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_SetInitialWeights(optimizer_, nullptr, sizes_.beamlets), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_SetPredictedAdaptiveVariance(optimizer_, 0, nullptr, 3), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_SetStructureSigma(nullptr, "PTV60", 1.0), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_SetStages(optimizer_, nullptr, 2), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_SetRunOptions(optimizer_, nullptr), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_SetAdvisor(optimizer_, "127.0.0.1:9", 2, 0xFFFFFFFFU, 0), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_SetAdvisor(optimizer_, "\xFC:9", 2, 0, 0), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_Optimize(nullptr, nullptr, nullptr), RTMODEL_BAD_INPUT);
  rtmodel_Cancel(nullptr);
  EXPECT_EQ(rtmodel_GetWeights(nullptr, some, 1), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_GetResult(optimizer_, nullptr), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_GetObjectiveSize(nullptr), 0u);
  EXPECT_EQ(rtmodel_SetObjectiveSigma(nullptr, 1.0), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_SetObjectiveVariance(nullptr, some, 1), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_Evaluate(nullptr, some, 1, some, nullptr), RTMODEL_BAD_INPUT);
}

TEST_F(CApi, NumbersThatAreNoneAreRefused) {
  const double nan = std::nan("");
  rtmodel_objective* objective = nullptr;
  ASSERT_EQ(rtmodel_CreateObjective(problem_, 0, 1, &objective), RTMODEL_OK);
  std::vector<double> numbers(sizes_.beamlets, nan);
  EXPECT_EQ(rtmodel_SetObjectiveVariance(objective, numbers.data(), numbers.size()), RTMODEL_BAD_INPUT);
  EXPECT_TRUE(contains(rtmodel_LastError(), "SetObjectiveVariance: a variance is negative or not finite"));
  double value = 0.0;
  EXPECT_EQ(rtmodel_Evaluate(objective, numbers.data(), numbers.size(), &value, nullptr), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_SetObjectiveSigma(objective, nan), RTMODEL_BAD_INPUT);
  rtmodel_FreeObjective(objective);
  create();
  EXPECT_EQ(rtmodel_SetStructureSigma(optimizer_, "PTV60", nan), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_SetInitialWeights(optimizer_, numbers.data(), numbers.size()), RTMODEL_BAD_INPUT);
  EXPECT_TRUE(contains(rtmodel_LastError(), "SetInitialWeights: a weight is not in [0, 0.2]"));
}

TEST_F(CApi, WarningsOfTheCaseStandInTheResult) {
  Case value = small_case();
  value.structures[0].prescribed_dose_gy = 2.0;
  value.structures[1].prescribed_dose_gy = 1.5;
  write_case(folder_.path(), value);
  rtmodel_FreeProblem(problem_);
  problem_ = nullptr;
  ASSERT_EQ(rtmodel_OpenProblem(folder_.path().string().c_str(), nullptr, &problem_), RTMODEL_OK);
  sizes_ = rtmodel_GetSizes(problem_);
  create();
  optimize();
  EXPECT_TRUE(contains(result()["plan"]["notes"].dump(), "is 2 Gy for PTV60, as of one fraction"));
}

TEST_F(CApi, InitialWeightsStartTheRun) {
  create();
  const auto best = optimize();
  const rtmodel_stage sharp{0, 2.5, 0, 0.0};
  ASSERT_EQ(rtmodel_SetStages(optimizer_, &sharp, 1), RTMODEL_OK);
  optimize();
  const double cold = result()["trace"]["objective"][0];
  ASSERT_EQ(rtmodel_SetInitialWeights(optimizer_, best.data(), best.size()), RTMODEL_OK);
  optimize();
  EXPECT_LT(result()["trace"]["objective"][0].get<double>(), cold);
}

TEST_F(CApi, StructureSigmaChangesTheObjective) {
  create();
  const auto plain = optimize();
  ASSERT_EQ(rtmodel_SetStructureSigma(optimizer_, "PTV60", 1.0), RTMODEL_OK);
  EXPECT_NE(optimize(), plain);
  EXPECT_EQ(rtmodel_SetStructureSigma(optimizer_, "Liver", 1.0), RTMODEL_BAD_INPUT);
  EXPECT_TRUE(contains(rtmodel_LastError(), "the plan has no Liver; it has PTV60, PTV50, SpinalCord, NormalTissue"));
  EXPECT_EQ(rtmodel_SetStructureSigma(optimizer_, "PTV60", 0.0), RTMODEL_BAD_INPUT);
}

TEST_F(CApi, PredictedVarianceChangesThePlan) {
  create(RTMODEL_SOLVER_DH, RTMODEL_COVARIANCE_PREDICTED);
  const rtmodel_run_options few{5, 1, 0, 0, 0, 0, 0};
  ASSERT_EQ(rtmodel_SetRunOptions(optimizer_, &few), RTMODEL_OK);
  const rtmodel_stage sharp{0, 2.5, 5, 0.0};
  ASSERT_EQ(rtmodel_SetStages(optimizer_, &sharp, 1), RTMODEL_OK);
  const auto plain = optimize();
  std::vector<double> variance(sizes_.beamlets, 1.5 * 2.5 * 2.5);
  ASSERT_EQ(rtmodel_SetPredictedAdaptiveVariance(optimizer_, 0, variance.data(), variance.size()), RTMODEL_OK);
  EXPECT_NE(optimize(), plain);
  variance[0] = -1.0;
  EXPECT_EQ(rtmodel_SetPredictedAdaptiveVariance(optimizer_, 0, variance.data(), variance.size()), RTMODEL_BAD_INPUT);
}

TEST_F(CApi, NeedsARunBeforeItsResult) {
  create();
  double weight = 0.0;
  EXPECT_EQ(rtmodel_GetWeights(optimizer_, &weight, 1), RTMODEL_BAD_INPUT);
  EXPECT_TRUE(contains(rtmodel_LastError(), "call rtmodel_Optimize"));
  EXPECT_EQ(rtmodel_SetInitialWeights(optimizer_, &weight, 1), RTMODEL_BAD_INPUT);
  EXPECT_TRUE(contains(rtmodel_LastError(), "SetInitialWeights: 1 values given"));
  EXPECT_EQ(rtmodel_SetAdvisor(optimizer_, "127.0.0.1:9", 7, 0, 0), RTMODEL_BAD_INPUT);
}

TEST_F(CApi, AHostThatIsNotThereChangesNothing) {
  create();
  const auto plain = optimize();
  ASSERT_EQ(rtmodel_SetAdvisor(optimizer_, "127.0.0.1:9", 2, 200, 20), RTMODEL_OK);
  EXPECT_EQ(optimize(), plain);
  EXPECT_EQ(result()["advice"]["status"], "unreachable");
}

}  // namespace
}  // namespace rtmodel::testing
