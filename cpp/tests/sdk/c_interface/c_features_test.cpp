// The builders through the C interface: the same numbers, and every pointer is checked.
#include "dh_advisor/c_features.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "c_interface/slab_c.h"
#include "dh_advisor/resample.h"

namespace dh_advisor::testing {
namespace {

::testing::AssertionResult refuses(int code, const char* word) {
  const std::string why = dh_advisor_last_error();
  if (code != DH_ADVISOR_STATUS_INVALID_INPUT) return ::testing::AssertionFailure() << "code " << code << ": " << why;
  return why.find(word) != std::string::npos ? ::testing::AssertionSuccess() : ::testing::AssertionFailure() << why;
}

TEST(CFeatures, AreThoseOfCpp) {
  const SlabC slab;
  std::array<double, 3> norm{};
  std::array<double, 6> mean{}, highest{};
  ASSERT_EQ(dh_advisor_build_beamlet_features(&slab.input, norm.data(), mean.data(), highest.data()), 0);
  EXPECT_STREQ(dh_advisor_last_error(), "");
  BeamletFeatures features;
  ASSERT_TRUE(build_beamlet_features(slab.slab.input(), features).ok());
  EXPECT_TRUE(std::equal(norm.begin(), norm.end(), features.column_norm.begin()));
  EXPECT_TRUE(std::equal(mean.begin(), mean.end(), features.mean_dose.begin()));
  EXPECT_TRUE(std::equal(highest.begin(), highest.end(), features.max_dose.begin()));
  EXPECT_EQ(dh_advisor_build_beamlet_features(&slab.input, nullptr, nullptr, nullptr), 0) << "none wanted";

  std::array<dh_advisor_structure_geometry, 2> geometry{};
  std::vector<StructureGeometry> of_cpp;
  ASSERT_EQ(dh_advisor_build_structure_geometry(&slab.input, slab.structures[0].contour, 0.05, geometry.data()), 0);
  ASSERT_TRUE(build_structure_geometry(slab.slab.input(), slab.slab.target, 0.05, of_cpp).ok());
  for (std::size_t s = 0; s < 2; ++s) {
    EXPECT_EQ(geometry[s].structure, s);
    EXPECT_EQ(geometry[s].sphericity, of_cpp[s].sphericity);
    EXPECT_EQ(geometry[s].dose_gradient_gy_per_mm, of_cpp[s].dose_gradient_gy_per_mm);
    EXPECT_EQ(geometry[s].target_distance_mm, of_cpp[s].target_distance_mm);
  }

  dh_advisor_structure structures[2]{};
  structures[0].role = DH_ADVISOR_STRUCTURE_TARGET;
  structures[0].prescribed_dose_gy = 90.0;
  structures[1].role = DH_ADVISOR_STRUCTURE_ORGAN_AT_RISK;
  structures[1].prescribed_dose_gy = -1.0;
  double weight = 0.0;
  ASSERT_EQ(dh_advisor_flat_weight(structures, 2, mean.data(), 3, &weight), 0) << dh_advisor_last_error();
  EXPECT_DOUBLE_EQ(weight, 90.0 / 4.5);
  EXPECT_TRUE(refuses(dh_advisor_flat_weight(structures, 2, nullptr, 3, &weight), "mean_dose"));
  EXPECT_TRUE(refuses(dh_advisor_flat_weight(structures, 2, mean.data(), 3, nullptr), "weight"));
  EXPECT_TRUE(refuses(dh_advisor_flat_weight(nullptr, 2, mean.data(), 3, &weight), "structures"));

  std::array<std::uint32_t, 2> of_target{}, of_organ{};
  std::uint32_t* const planned[2] = {of_target.data(), of_organ.data()};
  const dh_advisor_voxel_span contours[2] = {slab.structures[0].contour, slab.structures[1].contour};
  std::array<size_t, 2> counts{};
  ASSERT_EQ(dh_advisor_planned_voxels(structures, contours, 2, planned, counts.data()), 0);
  EXPECT_EQ(counts, (std::array<size_t, 2>{2, 1}));
  EXPECT_EQ(of_organ[0], 2U);
  EXPECT_TRUE(refuses(dh_advisor_planned_voxels(structures, nullptr, 2, planned, counts.data()), "contours"));
  EXPECT_TRUE(refuses(dh_advisor_planned_voxels(structures, contours, 2, nullptr, counts.data()), "planned"));
  EXPECT_TRUE(refuses(dh_advisor_planned_voxels(structures, contours, 2, planned, nullptr), "planned_counts"));
}

TEST(CFeatures, OfVoxelsAndBeams) {
  const std::array<std::uint16_t, 3> narrow{1, 2, 3};
  const std::array<std::uint64_t, 3> wide{1, 2, 3};
  std::array<std::uint32_t, 3> voxels{};
  size_t count = 0;
  EXPECT_TRUE(refuses(dh_advisor_voxels_of_bit16(narrow.data(), 3, 1, nullptr, 0, &count), "capacity"));
  EXPECT_EQ(count, 2U) << "a first call asks";
  ASSERT_EQ(dh_advisor_voxels_of_bit16(narrow.data(), 3, 1, voxels.data(), count, &count), 0);
  EXPECT_EQ(voxels[0], 1U);
  EXPECT_EQ(voxels[1], 2U);
  ASSERT_EQ(dh_advisor_voxels_of_bit64(wide.data(), 3, 0, voxels.data(), 3, &count), 0);
  EXPECT_EQ(voxels[1], 2U);
  EXPECT_TRUE(refuses(dh_advisor_voxels_of_bit64(nullptr, 3, 0, voxels.data(), 3, &count), "masks"));
  EXPECT_TRUE(refuses(dh_advisor_voxels_of_bit64(wide.data(), 3, 0, voxels.data(), 3, nullptr), "count"));

  const dh_advisor_voxel_grid grid{{3, 1, 1}, {4.0, 4.0, 4.0}, {0.0, 0.0, 0.0}};
  const std::array<std::uint32_t, 3> body{0, 1, 2};
  const dh_advisor_voxel_span all{body.data(), 3}, first{body.data(), 1};
  ASSERT_EQ(dh_advisor_shell_around(&grid, all, first, 4.5, voxels.data(), &count), 0);
  EXPECT_EQ(count, 1U);
  EXPECT_EQ(voxels[0], 1U);
  EXPECT_TRUE(refuses(dh_advisor_shell_around(nullptr, all, first, 4.5, voxels.data(), &count), "grid"));
  std::array<float, 3> distance_mm{};
  ASSERT_EQ(dh_advisor_distance_to(&grid, first, distance_mm.data()), 0);
  EXPECT_EQ(distance_mm[2], 8.0F);
  EXPECT_TRUE(refuses(dh_advisor_distance_to(&grid, first, nullptr), "distance_mm"));
  double sphericity = 0.0;
  ASSERT_EQ(dh_advisor_sphericity_of(&grid, all, &sphericity), 0);
  EXPECT_GT(sphericity, 0.0);
  EXPECT_TRUE(refuses(dh_advisor_sphericity_of(&grid, {nullptr, 3}, &sphericity), "voxels"));
  EXPECT_TRUE(refuses(dh_advisor_sphericity_of(&grid, all, nullptr), "sphericity"));

  const dh_advisor_beam beam{0.0, 0.0, 1, 1, 5.0, 5.0};
  const std::array<float, 3> density{1.0F, 1.0F, 1.0F};
  const double isocenter_mm[3] = {4.0, 0.0, 0.0};
  std::vector<double> path(100), of_cpp;
  ASSERT_EQ(dh_advisor_build_path_density(&grid, density.data(), isocenter_mm, &beam, 1, path.data()), 0);
  ASSERT_TRUE(build_path_density({{3, 1, 1}, {4.0, 4.0, 4.0}, {}}, density.data(), {4.0, 0.0, 0.0},
                                 {{0.0, 0.0, 1, 1, 5.0, 5.0}}, of_cpp)
                  .ok());
  EXPECT_EQ(path, of_cpp);
  EXPECT_TRUE(refuses(dh_advisor_build_path_density(&grid, nullptr, isocenter_mm, &beam, 1, path.data()), "density"));
  EXPECT_TRUE(
      refuses(dh_advisor_build_path_density(&grid, density.data(), nullptr, &beam, 1, path.data()), "isocenter"));
  EXPECT_TRUE(
      refuses(dh_advisor_build_path_density(&grid, density.data(), isocenter_mm, nullptr, 1, path.data()), "beams"));
  EXPECT_TRUE(
      refuses(dh_advisor_build_path_density(&grid, density.data(), isocenter_mm, &beam, 1, nullptr), "path_density"));
  EXPECT_DOUBLE_EQ(dh_advisor_relative_density(1500), 1.78);

  // From the front, a point to the left of the isocentre and behind it.
  const double point_mm[3] = {14.0, 50.0, 0.0};
  double at[3], back[3];
  ASSERT_EQ(dh_advisor_project(0.0, 0.0, isocenter_mm, point_mm, at), 0);
  EXPECT_DOUBLE_EQ(at[2], 1050.0);
  EXPECT_NEAR(at[0], 10.0 * 1000.0 / 1050.0, 1e-12);
  ASSERT_EQ(dh_advisor_point_at(0.0, 0.0, isocenter_mm, at, back), 0);
  for (int axis = 0; axis < 3; ++axis) EXPECT_NEAR(back[axis], point_mm[axis], 1e-9);
  EXPECT_TRUE(refuses(dh_advisor_project(0.0, 0.0, nullptr, point_mm, at), "isocenter_mm"));
  EXPECT_TRUE(refuses(dh_advisor_project(0.0, 0.0, isocenter_mm, nullptr, at), "point_mm"));
  EXPECT_TRUE(refuses(dh_advisor_project(0.0, 0.0, isocenter_mm, point_mm, nullptr), "uv_depth_mm"));
  EXPECT_TRUE(refuses(dh_advisor_point_at(0.0, 0.0, isocenter_mm, at, nullptr), "point_mm"));
}

TEST(CFeatures, CarriedToAnotherPitch) {
  const dh_advisor_beam client{0.0, 0.0, 3, 1, 4.0, 20.0};
  dh_advisor_beam model{};
  ASSERT_EQ(dh_advisor_beams_of_pitch(&client, 1, 5.0, &model), 0) << dh_advisor_last_error();
  EXPECT_EQ(model.columns, 3U);
  EXPECT_EQ(model.column_width_mm, 5.0);
  dh_advisor_resampling* const resampling = dh_advisor_resampling_create(&client, &model, 1);
  ASSERT_NE(resampling, nullptr) << dh_advisor_last_error();
  EXPECT_EQ(dh_advisor_resampling_client_count(resampling), 3U);
  EXPECT_EQ(dh_advisor_resampling_model_count(resampling), 3U);
  const std::array<double, 3> values{8.0, 16.0, 24.0};
  std::array<double, 3> carried{};
  ASSERT_EQ(dh_advisor_sum_to_model(resampling, values.data(), 1, carried.data()), 0);
  EXPECT_DOUBLE_EQ(carried[0], 7.0);
  ASSERT_EQ(dh_advisor_average_to_model(resampling, values.data(), carried.data()), 0);
  EXPECT_DOUBLE_EQ(carried[1], (0.5 * 8.0 + 4.0 * 16.0 + 0.5 * 24.0) / 5.0);
  ASSERT_EQ(dh_advisor_spread_to_client(resampling, values.data(), carried.data()), 0);
  EXPECT_DOUBLE_EQ(carried[0], 9.0);

  const SlabC slab;
  std::array<double, 3> norm{};
  std::array<double, 6> mean{}, highest{};
  ASSERT_EQ(dh_advisor_build_model_features(resampling, &slab.input, norm.data(), mean.data(), highest.data()), 0);
  EXPECT_NEAR(mean[0], 0.875 * 3.5, 1e-12);
  EXPECT_NEAR(highest[0], 0.875 * 4.0, 1e-12);

  EXPECT_TRUE(refuses(dh_advisor_beams_of_pitch(nullptr, 1, 5.0, &model), "beams"));
  EXPECT_TRUE(refuses(dh_advisor_beams_of_pitch(&client, 1, 5.0, nullptr), "model_beams"));
  EXPECT_EQ(dh_advisor_resampling_create(&client, nullptr, 1), nullptr);
  EXPECT_NE(std::string(dh_advisor_last_error()).find("beams"), std::string::npos);
  EXPECT_TRUE(refuses(dh_advisor_sum_to_model(nullptr, values.data(), 1, carried.data()), "resampling"));
  EXPECT_TRUE(refuses(dh_advisor_sum_to_model(resampling, values.data(), SIZE_MAX / 2, carried.data()), "columns"));
  EXPECT_TRUE(refuses(dh_advisor_average_to_model(resampling, nullptr, carried.data()), "vector"));
  EXPECT_TRUE(refuses(dh_advisor_spread_to_client(resampling, values.data(), nullptr), "buffer"));
  EXPECT_TRUE(refuses(dh_advisor_build_model_features(nullptr, &slab.input, nullptr, nullptr, nullptr), "resampling"));
  EXPECT_EQ(dh_advisor_resampling_model_count(nullptr), 0U);
  dh_advisor_resampling_free(resampling);
  dh_advisor_resampling_free(nullptr);
}

TEST(CFeatures, NameWhatIsWrong) {
  const SlabC slab;
  double norm[3] = {7.0, 7.0, 7.0};
  const auto build = [&](auto&& spoil) {
    dh_advisor_feature_input input = slab.input;
    spoil(input);
    return dh_advisor_build_beamlet_features(&input, norm, nullptr, nullptr);
  };
  EXPECT_TRUE(refuses(dh_advisor_build_beamlet_features(nullptr, norm, nullptr, nullptr), "input is NULL"));
  EXPECT_TRUE(refuses(build([](auto& in) { in.struct_size = 0; }), "struct_size"));
  EXPECT_TRUE(refuses(build([](auto& in) { in.structures = nullptr; }), "structures"));
  EXPECT_TRUE(refuses(build([](auto& in) { in.structure_count = SIZE_MAX; }), "structure_count"));
  EXPECT_TRUE(refuses(build([](auto& in) { in.dose = nullptr; }), "dose"));
  EXPECT_TRUE(refuses(build([](auto& in) { in.grid.size[0] = 1; }), "structures[0].contour[1]"));
  EXPECT_TRUE(refuses(build([](auto& in) {
                        in.dose = [](void*, const dh_advisor_dose_sink* sink) { dh_advisor_add_dose(sink, 9, 0, 1.0); };
                      }),
                      "beamlet 9 of 3"));
  EXPECT_EQ(norm[0], 7.0) << "left as it was";
  dh_advisor_add_dose(nullptr, 0, 0, 1.0);
  EXPECT_TRUE(refuses(dh_advisor_build_structure_geometry(&slab.input, {nullptr, 0}, 0.05, nullptr), "geometry"));
  ASSERT_EQ(dh_advisor_build_beamlet_features(&slab.input, norm, nullptr, nullptr), 0);
  EXPECT_STREQ(dh_advisor_last_error(), "") << "of the last call";
}

}  // namespace
}  // namespace dh_advisor::testing
