// What the adapter describes of a plan, and that a fault of any conversion is found and named before a question goes
// out.
#include "self_checks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "stub_plan.h"
#include "volume_sampler.h"

namespace dh_adapter {
namespace {

using dh_advisor::StatusCode;

class Described : public ::testing::Test {
 protected:
  Described() {
    optimizer->GetPyramid()->CalcPencilSubBeamlets();
    status = describe(*optimizer, {&stub.target, &stub.cord, &stub.tissue}, options, model);
    if (status.ok()) status = build_features(model, stub.plan, features);
  }
  dh_advisor::Status check() { return check_plan(*optimizer, model, features); }
  void expect_fault(const std::string& field) {
    const dh_advisor::Status found = check();
    EXPECT_EQ(found.code, StatusCode::kInvalidInput);
    EXPECT_NE(found.message.find(field), std::string::npos) << found.message;
  }

  testing::StubPlan stub;
  std::unique_ptr<dH::PlanOptimizer> optimizer = stub.optimizer<dH::PlanOptimizer>();
  AdapterOptions options;
  PlanModel model;
  PlanFeatures features;
  dh_advisor::Status status;
};

TEST(VolumeSampler, ReadsALinearFieldOfATurnedGridExactly) {
  const double c = std::cos(0.4), s = std::sin(0.4);
  itk::Matrix3 turn;
  turn.rows = {{{c, -s, 0}, {s, c, 0}, {0, 0, 1}}};
  auto volume = VolumeReal::New();
  volume->Conform({6, 5, 3}, {4.0, 3.0, 2.0}, {-7.0, 5.0, 1.0}, turn);
  const auto field = [](double x, double y, double z) { return 1.0 + 0.5 * x - 0.25 * y + 2.0 * z; };
  const auto place = [&](double i, double j, double k) {
    return dh_advisor::Vector3{-7.0 + c * 4.0 * i - s * 3.0 * j, 5.0 + s * 4.0 * i + c * 3.0 * j, 1.0 + 2.0 * k};
  };
  for (int voxel = 0; voxel < 90; ++voxel) {
    const auto at = place(voxel % 6, voxel / 6 % 5, voxel / 30);
    volume->GetBufferPointer()[voxel] = static_cast<float>(field(at[0], at[1], at[2]));
  }
  const VolumeSampler sampler(*volume);
  for (const auto& at : {place(0, 0, 0), place(5, 4, 2), place(2.3, 1.7, 0.4), place(4.9, 0.1, 1.0)})
    EXPECT_NEAR(sampler.at(at), field(at[0], at[1], at[2]), 1e-5);
  EXPECT_EQ(sampler.at(place(5.6, 2, 1)), 0.0);
  EXPECT_EQ(sampler.at(place(2, 2, -0.6)), 0.0);
  EXPECT_GT(sampler.at(place(5.4, 2, 2.4)), 0.0) << "half a voxel still belongs to the outermost one";
}

TEST_F(Described, HasTheContractsUnitsAndOrder) {
  ASSERT_TRUE(status.ok()) << status.message;
  const auto& structures = model.start.structures;
  ASSERT_EQ(structures.size(), 3U);
  EXPECT_EQ(structures[0].name, "PTV");
  EXPECT_DOUBLE_EQ(*structures[0].prescribed_dose_gy, 60.0);
  EXPECT_DOUBLE_EQ(structures[0].prescription[1].dose_gy, 65.0);
  EXPECT_EQ(structures[1].name, "Moelle ?pini?re") << "the contract is UTF-8";
  EXPECT_EQ(structures[2].role, dh_advisor::StructureRole::kNormalTissue);
  ASSERT_EQ(model.start.levels.size(), 4U);
  EXPECT_NEAR(model.start.levels[0].histogram_sigma_gy, 2.5, 1e-12);
  EXPECT_NEAR(model.start.levels[3].histogram_sigma_gy, 40.0, 1e-12);
  EXPECT_NEAR(model.start.levels[0].variance_upper_gy2, 9.375, 1e-12);
  EXPECT_EQ(model.start.levels[1].beamlet_count, 27U);
  EXPECT_DOUBLE_EQ(model.start.levels[3].tolerance, 1e-3);
  EXPECT_NEAR(model.start.beams[0].gantry_deg, 1.7 * 180.0 / 3.14159265358979323846 - 90.0, 1e-9);
  EXPECT_EQ(model.start.beams[0].columns, 17U);
  EXPECT_DOUBLE_EQ(model.sigmoid.ceiling, 0.2);
  EXPECT_DOUBLE_EQ(model.sigmoid.steepness, 0.5);
  EXPECT_NEAR(features.flat_weight, 0.05, 0.02);
}

TEST_F(Described, PassesItsChecks) { EXPECT_TRUE(check().ok()) << check().message; }

TEST_F(Described, NamesTheGantryWhenTheQuarterTurnIsForgotten) {
  for (auto& beam : model.start.beams) beam.gantry_deg += 90.0;
  expect_fault("gantry_deg");
}

TEST_F(Described, NamesTheOrderWhenShiftsAreNotTurnedRound) {
  for (auto& beam : stub.plan.beams) std::reverse(beam.m_arrBeamlets.begin(), beam.m_arrBeamlets.end());
  ASSERT_TRUE(build_features(model, stub.plan, features).ok());
  expect_fault("columns");
}

TEST_F(Described, NamesTheWidthOfBeamlets) {
  for (auto& beam : model.start.beams) beam.column_width_mm = 8.0;
  expect_fault("column_width_mm");
}

TEST_F(Described, NamesTheDoseWhenItIsNotInGray) {
  for (auto& beam : stub.plan.beams)
    for (auto& beamlet : beam.m_arrBeamlets)
      for (std::size_t i = 0; i < 37U * 37U; ++i) beamlet->GetBufferPointer()[i] /= 100.0F;
  ASSERT_TRUE(build_features(model, stub.plan, features).ok());
  expect_fault("features.dose");
}

TEST_F(Described, NamesTheGradientWhenDhHasFixedItsSign) {
  optimizer->GetPrescription(1)->gradient_points_uphill = true;
  expect_fault("gradient");
}

TEST_F(Described, SaysWhatOfThePlanIsMissing) {
  const auto message_of = [&](const std::vector<dH::Structure*>& structures) {
    PlanModel other;
    return describe(*optimizer, structures, options, other).message;
  };
  EXPECT_EQ(message_of({}), "dH: no structure has a term");
  dH::Structure unknown;
  EXPECT_EQ(message_of({&unknown}), "dH: no structure has a term");
  stub.plan.beams[0].isocenter[2] = 50.0;
  EXPECT_EQ(message_of({&stub.target}), "dH: the isocentre lies in no slice of Plan::m_pDose");
  stub.plan.m_pDose = VolumeReal::New();
  EXPECT_EQ(message_of({&stub.target}), "dH: Plan::m_pDose has no voxels");
}

}  // namespace
}  // namespace dh_adapter
