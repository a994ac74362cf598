// The self-checks through the C interface.
#include "dh_advisor/c_checks.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

namespace dh_advisor::testing {
namespace {

dh_advisor_check_result fresh_result() {
  dh_advisor_check_result result{};
  result.struct_size = sizeof result;
  return result;
}

::testing::AssertionResult refuses(int code, const char* word) {
  const std::string why = dh_advisor_last_error();
  if (code != DH_ADVISOR_STATUS_INVALID_INPUT) return ::testing::AssertionFailure() << "code " << code << ": " << why;
  return why.find(word) != std::string::npos ? ::testing::AssertionSuccess() : ::testing::AssertionFailure() << why;
}

/// F = sum w^2; its gradient at `weights` is 2 w.
struct Squares {
  std::array<double, 4> weights{0.02, 0.05, 0.1, 0.15};
  std::array<double, 4> gradient{0.04, 0.1, 0.2, 0.3};
  int calls = 0;
  dh_advisor_gradient_check check{};

  Squares() {
    check.struct_size = sizeof check;
    check.objective = [](void* context, const double* values, size_t n) {
      ++static_cast<Squares*>(context)->calls;
      double sum = 0.0;
      for (size_t i = 0; i < n; ++i) sum += values[i] * values[i];
      return sum;
    };
    check.objective_context = this;
    check.weights = weights.data();
    check.gradient = gradient.data();
    check.beamlet_count = 4;
    check.weight_ceiling = 0.2;
    check.weight_steepness = 0.5;
  }
};

TEST(CChecks, OfAGradient) {
  Squares squares;
  dh_advisor_check_result result = fresh_result();
  ASSERT_EQ(dh_advisor_check_gradient(&squares.check, &result), 0) << dh_advisor_last_error();
  EXPECT_EQ(result.outcome, DH_ADVISOR_CHECK_PASSED);
  EXPECT_EQ(result.fault, DH_ADVISOR_FAULT_NONE);
  EXPECT_EQ(static_cast<int>(result.value_calls), squares.calls);
  for (double& derivative : squares.gradient) derivative = -derivative;
  ASSERT_EQ(dh_advisor_check_gradient(&squares.check, &result), 0);
  EXPECT_EQ(result.outcome, DH_ADVISOR_CHECK_FAILED);
  EXPECT_STREQ(dh_advisor_fault_name(result.fault), "sign");
  EXPECT_STREQ(result.field, "gradient");
  EXPECT_NE(std::strstr(result.finding, "wrong sign"), nullptr) << result.finding;
  squares.check.space = DH_ADVISOR_SPACE_PARAMETERS;
  squares.check.objective = [](void*, const double* values, size_t) { return values[0]; };
  ASSERT_EQ(dh_advisor_check_gradient(&squares.check, &result), 0) << "parameters are what it gets";
}

TEST(CChecks, NameWhatIsWrong) {
  Squares squares;
  dh_advisor_check_result result = fresh_result();
  EXPECT_TRUE(refuses(dh_advisor_check_gradient(nullptr, &result), "check is NULL"));
  EXPECT_EQ(result.outcome, DH_ADVISOR_CHECK_UNCLEAR);
  EXPECT_TRUE(refuses(dh_advisor_check_gradient(&squares.check, nullptr), "result is NULL"));
  result.struct_size = 0;
  EXPECT_TRUE(refuses(dh_advisor_check_gradient(&squares.check, &result), "struct_size"));
  result = fresh_result();
  squares.check.objective = nullptr;
  EXPECT_TRUE(refuses(dh_advisor_check_gradient(&squares.check, &result), "objective"));
  squares = Squares();
  squares.check.space = 7;
  EXPECT_TRUE(refuses(dh_advisor_check_gradient(&squares.check, &result), "space"));
  squares.check.struct_size = 1;
  EXPECT_TRUE(refuses(dh_advisor_check_gradient(&squares.check, &result), "struct_size"));
  dh_advisor_geometry_check geometry{};
  EXPECT_TRUE(refuses(dh_advisor_check_geometry(&geometry, &result), "struct_size"));
  geometry.struct_size = sizeof geometry;
  EXPECT_TRUE(refuses(dh_advisor_check_geometry(&geometry, &result), "features is NULL"));
}

/// Pencil beams through a box of 4 mm voxels, in the order of the contract or with mirrored columns.
struct Box {
  static constexpr std::uint32_t kWidth = 25;
  dh_advisor_beam beams[2] = {{30.0, 0.0, 9, 1, 4.0, 8.0}, {150.0, 0.0, 9, 1, 4.0, 8.0}};
  dh_advisor_voxel_grid grid{{kWidth, kWidth, 1}, {4.0, 4.0, 4.0}, {-48.0, -48.0, 0.0}};
  std::vector<std::uint32_t> target, body;
  dh_advisor_structure structure{};
  dh_advisor_structure_voxels voxels{};
  dh_advisor_feature_input features{};
  dh_advisor_geometry_check check{};
  bool is_mirrored = false;

  Box() {
    for (std::uint32_t voxel = 0; voxel < kWidth * kWidth; ++voxel) {
      const double x = -48.0 + voxel % kWidth * 4.0, y = -48.0 + voxel / kWidth * 4.0;
      if (x * x + y * y <= 16.0 * 16.0) target.push_back(voxel);
    }
    voxels = {{target.data(), target.size()}, {target.data(), target.size()}};
    structure.name = "PTV";
    structure.role = DH_ADVISOR_STRUCTURE_TARGET;
    features.struct_size = sizeof features;
    features.grid = grid;
    features.beamlet_count = 18;
    features.structures = &voxels;
    features.structure_count = 1;
    features.dose = deposit;
    features.dose_context = this;
    std::vector<double> mean(18);
    EXPECT_EQ(dh_advisor_build_beamlet_features(&features, nullptr, mean.data(), nullptr), 0)
        << dh_advisor_last_error();
    structure.prescribed_dose_gy = 0.0;
    for (const double dose : mean) structure.prescribed_dose_gy += 0.05 * dose;
    check.struct_size = sizeof check;
    check.features = &features;
    check.structures = &structure;
    check.beams = beams;
    check.beam_count = 2;
    check.weight_ceiling = 0.2;
  }
  Box(const Box&) = delete;

  static void deposit(void* context, const dh_advisor_dose_sink* sink) {
    const Box& box = *static_cast<Box*>(context);
    const double isocenter_mm[3] = {0.0, 0.0, 0.0};
    for (std::uint32_t b = 0; b < 2; ++b) {
      for (std::uint32_t voxel = 0; voxel < kWidth * kWidth; ++voxel) {
        const double point_mm[3] = {-48.0 + voxel % kWidth * 4.0, -48.0 + voxel / kWidth * 4.0, 0.0};
        double at[3];
        dh_advisor_project(box.beams[b].gantry_deg, 0.0, isocenter_mm, point_mm, at);
        for (std::uint32_t column = 0; column < 9; ++column) {
          const double beside_mm = at[0] - (column - 4.0) * 4.0;
          const double dose = std::exp(-beside_mm * beside_mm / 18.0 - 0.005 * (at[2] - 900.0));
          dh_advisor_add_dose(sink, 9 * b + (box.is_mirrored ? 8 - column : column), voxel, dose);
        }
      }
    }
  }
};

TEST(CChecks, OfAGeometry) {
  Box box;
  dh_advisor_check_result result = fresh_result();
  ASSERT_EQ(dh_advisor_check_geometry(&box.check, &result), 0) << dh_advisor_last_error();
  EXPECT_EQ(result.outcome, DH_ADVISOR_CHECK_PASSED) << result.finding;
  dh_advisor_structure_geometry sent{};
  ASSERT_EQ(dh_advisor_build_structure_geometry(&box.features, box.voxels.contour, 0.05, &sent), 0);
  sent.dose_gradient_gy_per_mm *= 10.0;
  dh_advisor_geometry geometry{};
  geometry.struct_size = sizeof geometry;
  geometry.structures = &sent;
  geometry.structure_count = 1;
  box.check.geometry = &geometry;
  ASSERT_EQ(dh_advisor_check_geometry(&box.check, &result), 0);
  EXPECT_STREQ(result.field, "geometry.structures[0].dose_gradient_gy_per_mm");
  box.is_mirrored = true;
  ASSERT_EQ(dh_advisor_check_geometry(&box.check, &result), 0);
  EXPECT_EQ(result.fault, DH_ADVISOR_FAULT_BEAMLET_ORDER) << result.finding;
  EXPECT_EQ(std::string(result.field), "beams[*].columns");
}

TEST(CChecks, OfAGeometryOfTheModelsPitch) {
  Box box;
  dh_advisor_beam model[2]{};
  ASSERT_EQ(dh_advisor_beams_of_pitch(box.beams, 2, 5.0, model), 0);
  dh_advisor_resampling* const resampling = dh_advisor_resampling_create(box.beams, model, 2);
  box.check.beams = model;
  dh_advisor_check_result result = fresh_result();
  box.check.resampling = resampling;
  ASSERT_EQ(dh_advisor_check_geometry(&box.check, &result), 0) << dh_advisor_last_error();
  EXPECT_EQ(result.outcome, DH_ADVISOR_CHECK_PASSED) << result.finding;
  dh_advisor_resampling_free(resampling);
}

}  // namespace
}  // namespace dh_advisor::testing
