#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "case/write_case.h"
#include "rtmodel/rtmodel.h"
#include "rtmodel/support/small_case.h"

extern "C" int rtmodel_c_smoke(const char* case_folder);

namespace rtmodel::testing {
namespace {

class CApi : public ::testing::Test {
 protected:
  void SetUp() override {
    write_case(folder_.path(), small_case());
    auto options = rtmodel_DefaultPlanOptions();
    options.beams = "5";
    ASSERT_EQ(rtmodel_OpenProblem(folder_.path().c_str(), &options, &problem_), RTMODEL_OK) << rtmodel_LastError();
    sizes_ = rtmodel_GetSizes(problem_);
  }
  void TearDown() override {
    rtmodel_FreeOptimizer(optimizer_);
    rtmodel_FreeProblem(problem_);
  }
  void create(int solver = RTMODEL_SOLVER_LBFGS, int covariance = RTMODEL_COVARIANCE_INCREMENTAL) {
    rtmodel_FreeOptimizer(optimizer_);
    ASSERT_EQ(rtmodel_CreateOptimizer(problem_, solver, covariance, &optimizer_), RTMODEL_OK) << rtmodel_LastError();
  }
  std::vector<double> optimize(rtmodel_callback callback = nullptr, void* user = nullptr) {
    EXPECT_EQ(rtmodel_Optimize(optimizer_, callback, user), RTMODEL_OK) << rtmodel_LastError();
    std::vector<double> weights(sizes_.beamlets);
    EXPECT_EQ(rtmodel_GetWeights(optimizer_, weights.data(), weights.size()), RTMODEL_OK);
    return weights;
  }
  nlohmann::json result() {
    const char* text = nullptr;
    EXPECT_EQ(rtmodel_GetResult(optimizer_, &text), RTMODEL_OK);
    return nlohmann::json::parse(text);
  }

  TemporaryFolder folder_;
  rtmodel_problem* problem_ = nullptr;
  rtmodel_optimizer* optimizer_ = nullptr;
  rtmodel_sizes sizes_{};
};

TEST_F(CApi, WorksFromC) { EXPECT_EQ(rtmodel_c_smoke(folder_.path().c_str()), 0); }

TEST_F(CApi, ShowsTheProblem) {
  EXPECT_EQ(sizes_.beams, 5u);
  EXPECT_EQ(sizes_.beamlets, sizes_.beams * sizes_.columns * sizes_.rows);
  ASSERT_EQ(sizes_.structures, 4u);
  rtmodel_structure target;
  ASSERT_EQ(rtmodel_GetStructure(problem_, 0, &target), RTMODEL_OK);
  EXPECT_STREQ(target.name, "PTV60");
  EXPECT_EQ(target.role, 1);
  EXPECT_EQ(target.prescribed_dose_gy, 60.0);
  rtmodel_structure normal;
  ASSERT_EQ(rtmodel_GetStructure(problem_, 3, &normal), RTMODEL_OK);
  EXPECT_LT(normal.prescribed_dose_gy, 0.0);
  EXPECT_EQ(rtmodel_GetStructure(problem_, 4, &normal), RTMODEL_BAD_INPUT);
  EXPECT_TRUE(contains(rtmodel_LastError(), "there are only 4"));
}

TEST_F(CApi, DoseIsTheInfluenceTimesTheWeights) {
  const int *starts = nullptr, *columns = nullptr;
  const float* values = nullptr;
  rtmodel_GetInfluence(problem_, &starts, &columns, &values);
  ASSERT_EQ(static_cast<size_t>(starts[sizes_.voxels]), sizes_.non_zeros);
  std::vector<double> weights(sizes_.beamlets, 0.05), dose(sizes_.voxels);
  ASSERT_EQ(rtmodel_ComputeDose(problem_, weights.data(), weights.size(), dose.data()), RTMODEL_OK);
  for (size_t row = 0; row < sizes_.voxels; row += 17) {
    double sum = 0.0;
    for (int i = starts[row]; i < starts[row + 1]; ++i) sum += 0.05 * values[i];
    EXPECT_NEAR(dose[row], sum, 1e-9);
  }
  EXPECT_EQ(rtmodel_ComputeDose(problem_, weights.data(), 3, dose.data()), RTMODEL_BAD_INPUT);
  EXPECT_TRUE(contains(rtmodel_LastError(), "weights: 3 given"));
}

TEST_F(CApi, GivesFeaturesOfBeamletsAndVoxels) {
  std::vector<double> mean(sizes_.beamlets * sizes_.structures), maximum(mean.size()), path(sizes_.beamlets * 100);
  std::vector<std::uint8_t> excluded(sizes_.beamlets);
  std::vector<double> positions(3 * sizes_.voxels);
  rtmodel_GetStructureDoses(problem_, mean.data(), maximum.data());
  rtmodel_GetPathDensities(problem_, path.data());
  rtmodel_GetExcluded(problem_, excluded.data());
  rtmodel_GetVoxelPositions(problem_, positions.data());
  for (size_t i = 0; i < mean.size(); ++i) EXPECT_LE(mean[i], maximum[i]);
  for (size_t beamlet = 0; beamlet < sizes_.beamlets; ++beamlet) {
    const bool has_dose = mean[beamlet * sizes_.structures + 3] > 0.0;
    EXPECT_EQ(has_dose, excluded[beamlet] == 0) << "beamlet " << beamlet;
  }
  EXPECT_NEAR(*std::max_element(path.begin(), path.end()), 1.0, 1e-6);
  EXPECT_LE(std::abs(positions[2]), 15.0) << "inside the window";
}

TEST_F(CApi, ToldCurveEndsAtThePrescription) {
  rtmodel_structure target;
  ASSERT_EQ(rtmodel_GetStructure(problem_, 0, &target), RTMODEL_OK);
  ASSERT_GE(target.prescription_point_count, 2U);
  EXPECT_EQ(target.prescription[0], 60.0);
  EXPECT_EQ(target.prescription[1], 1.0);
  EXPECT_EQ(target.prescription[2 * target.prescription_point_count - 1], 0.0);
}

TEST_F(CApi, ObjectiveIsTheOneThatRunsMinimise) {
  create();
  const std::vector<double> weights = optimize();
  rtmodel_objective* objective = nullptr;
  ASSERT_EQ(rtmodel_CreateObjective(problem_, 0, 1, &objective), RTMODEL_OK) << rtmodel_LastError();
  ASSERT_EQ(rtmodel_GetObjectiveSize(objective), sizes_.beamlets);
  double value = 0.0;
  std::vector<double> gradient(weights.size());
  ASSERT_EQ(rtmodel_Evaluate(objective, weights.data(), weights.size(), &value, gradient.data()), RTMODEL_OK);
  EXPECT_DOUBLE_EQ(value, result()["reference_objective"].get<double>());

  // Its slope along the gradient is what a central difference says.
  double square = 0.0;
  for (double slope : gradient) square += slope * slope;
  const double step = 1e-6 / std::sqrt(square);
  double sides[2] = {0.0, 0.0};
  for (int side = 0; side < 2; ++side) {
    std::vector<double> moved(weights.size());
    for (size_t i = 0; i < moved.size(); ++i) {
      moved[i] = std::clamp(weights[i] + (side == 0 ? -step : step) * gradient[i], 0.0, 0.2);
    }
    ASSERT_EQ(rtmodel_Evaluate(objective, moved.data(), moved.size(), &sides[side], nullptr), RTMODEL_OK);
  }
  EXPECT_GT(sides[1], sides[0]);

  EXPECT_EQ(rtmodel_SetObjectiveSigma(objective, 10.0), RTMODEL_OK);
  double smooth = 0.0;
  ASSERT_EQ(rtmodel_Evaluate(objective, weights.data(), weights.size(), &smooth, nullptr), RTMODEL_OK);
  EXPECT_NE(smooth, value);
  const std::vector<double> widest(weights.size(), 150.0);
  EXPECT_EQ(rtmodel_SetObjectiveVariance(objective, widest.data(), widest.size()), RTMODEL_OK);
  double wide = 0.0;
  ASSERT_EQ(rtmodel_Evaluate(objective, weights.data(), weights.size(), &wide, nullptr), RTMODEL_OK);
  EXPECT_NE(wide, smooth);
  rtmodel_FreeObjective(objective);
}

TEST_F(CApi, ObjectiveRefusesWhatItCannotEvaluate) {
  rtmodel_objective* objective = nullptr;
  EXPECT_EQ(rtmodel_CreateObjective(problem_, 4, 1, &objective), RTMODEL_BAD_INPUT);
  EXPECT_EQ(objective, nullptr);
  ASSERT_EQ(rtmodel_CreateObjective(problem_, 1, 1, &objective), RTMODEL_OK) << rtmodel_LastError();
  std::vector<double> weights(rtmodel_GetObjectiveSize(objective), 0.3);
  double value = 0.0;
  EXPECT_EQ(rtmodel_Evaluate(objective, weights.data(), weights.size(), &value, nullptr), RTMODEL_BAD_INPUT);
  EXPECT_TRUE(contains(rtmodel_LastError(), "not in [0, 0.2]"));
  EXPECT_EQ(rtmodel_Evaluate(objective, weights.data(), 3, &value, nullptr), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_SetObjectiveSigma(objective, 0.0), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_SetObjectiveVariance(objective, weights.data(), 3), RTMODEL_BAD_INPUT);
  rtmodel_FreeObjective(objective);
}

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
  ASSERT_EQ(rtmodel_OpenProblem(folder_.path().c_str(), nullptr, &problem_), RTMODEL_OK);
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
  const rtmodel_run_options few{5, 1, 0, 0, 0, 0};
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

TEST(CApiProblem, NamesWhatIsWrongWithACase) {
  rtmodel_problem* problem = nullptr;
  EXPECT_EQ(rtmodel_OpenProblem("/nowhere", nullptr, &problem), RTMODEL_BAD_INPUT);
  EXPECT_EQ(problem, nullptr);
  EXPECT_TRUE(contains(rtmodel_LastError(), "is not a folder"));
  EXPECT_EQ(rtmodel_OpenProblem(nullptr, nullptr, &problem), RTMODEL_BAD_INPUT);
  EXPECT_EQ(rtmodel_CreateOptimizer(nullptr, 1, 1, nullptr), RTMODEL_BAD_INPUT);
  rtmodel_FreeProblem(nullptr);
  rtmodel_FreeOptimizer(nullptr);
}

}  // namespace
}  // namespace rtmodel::testing
