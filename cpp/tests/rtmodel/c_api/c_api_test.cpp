#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "rtmodel/c_api/c_api_fixture.h"

extern "C" int rtmodel_c_smoke(const char* case_folder);

namespace rtmodel::testing {
namespace {

TEST_F(CApi, WorksFromC) { EXPECT_EQ(rtmodel_c_smoke(folder_.path().string().c_str()), 0); }

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

TEST_F(CApi, HandsOutTheBuiltInGoals) {
  const auto folder = std::filesystem::path(folder_.path());
  std::ofstream(folder / "goals.yaml") << rtmodel_DefaultPrescription();
  const std::string file = (folder / "goals.yaml").string();
  auto options = rtmodel_DefaultPlanOptions();
  options.beams = "5";
  options.beamlet_mm = 10.0;
  options.prescription_file = file.c_str();
  rtmodel_problem* same = nullptr;
  ASSERT_EQ(rtmodel_OpenProblem(folder_.path().string().c_str(), &options, &same), RTMODEL_OK) << rtmodel_LastError();
  rtmodel_structure built_in, edited;
  ASSERT_EQ(rtmodel_GetStructure(problem_, 1, &built_in), RTMODEL_OK);
  ASSERT_EQ(rtmodel_GetStructure(same, 1, &edited), RTMODEL_OK);
  EXPECT_STREQ(edited.name, built_in.name);
  EXPECT_EQ(edited.objective_weight, built_in.objective_weight);
  rtmodel_FreeProblem(same);
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
