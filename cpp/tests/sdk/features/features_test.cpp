// Feature builders on plans small enough to work out by hand.
#include "dh_advisor/features.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "features/slab.h"

namespace dh_advisor::testing {
namespace {

TEST(BeamletFeatures, AreThoseOfTheMatrixOverTheRightVoxels) {
  const Slab slab;
  BeamletFeatures features;
  ASSERT_TRUE(build_beamlet_features(slab.input(), features).ok());
  // Beamlet 0: 3 and 4 Gy in the target's two planned voxels, 12 in the organ's; 100 Gy outside every contour.
  EXPECT_DOUBLE_EQ(features.column_norm[0], 13.0);
  EXPECT_DOUBLE_EQ(features.mean_dose[0 * 2 + 0], 3.5);
  EXPECT_DOUBLE_EQ(features.max_dose[0 * 2 + 0], 4.0);
  // The organ's contour reaches into the target, where it plans nothing.
  EXPECT_DOUBLE_EQ(features.mean_dose[0 * 2 + 1], 12.0);
  EXPECT_DOUBLE_EQ(features.max_dose[0 * 2 + 1], 12.0);
  // Beamlet 1 reaches one voxel of two: the mean is over both.
  EXPECT_DOUBLE_EQ(features.mean_dose[1 * 2 + 0], 1.0);
  EXPECT_DOUBLE_EQ(features.max_dose[1 * 2 + 0], 2.0);
  EXPECT_DOUBLE_EQ(features.column_norm[2], 0.0) << "excluded";
}

TEST(BeamletFeatures, DoNotDependOnWhetherDoseComesByBeamletOrByVoxel) {
  const Slab slab;
  BeamletFeatures by_beamlet, by_voxel;
  ASSERT_TRUE(build_beamlet_features(slab.input(), by_beamlet).ok());
  FeatureInput input = slab.input();
  input.dose = [&](const DoseSink& sink) {
    for (std::uint32_t voxel = 0; voxel < 5; ++voxel)
      for (const auto& entry : slab.entries)
        if (entry.voxel == voxel) sink(entry.beamlet, entry.voxel, entry.dose);
  };
  ASSERT_TRUE(build_beamlet_features(input, by_voxel).ok());
  EXPECT_EQ(by_voxel.column_norm, by_beamlet.column_norm);
  EXPECT_EQ(by_voxel.mean_dose, by_beamlet.mean_dose);
  EXPECT_EQ(by_voxel.max_dose, by_beamlet.max_dose);
}

TEST(FlatWeight, GivesTheHighestPrescriptionAsMean) {
  std::vector<Structure> structures(3);
  structures[0].role = structures[2].role = StructureRole::kTarget;
  structures[0].prescribed_dose_gy = 50.0;
  structures[2].prescribed_dose_gy = 70.0;
  double weight = 0.0;
  ASSERT_TRUE(flat_weight(structures, {1, 9, 400, 2, 9, 1000}, weight).ok());
  EXPECT_DOUBLE_EQ(weight, 0.05);
  const Status nothing = flat_weight(structures, {1, 9, 0, 2, 9, 0}, weight);
  EXPECT_NE(nothing.message.find("structures[2]"), std::string::npos) << nothing.message;
  EXPECT_FALSE(flat_weight(structures, {1, 2, 3, 4}, weight).ok()) << "no table of three columns";
  EXPECT_FALSE(flat_weight({Structure{}}, {1}, weight).ok()) << "no target";
}

TEST(StructureGeometry, IsInGyPerMmAndMm) {
  // Dose rises by 2 Gy per unit weight a voxel of 4 mm along x: with weight 0.5, 0.25 Gy per mm.
  FeatureInput input;
  input.grid = {{6, 3, 3}, {4.0, 5.0, 3.0}, {0.0, 0.0, 0.0}};
  input.beamlet_count = 1;
  std::vector<std::uint32_t> all(input.grid.voxel_count()), target;
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  for (std::uint32_t i = 0; i < all.size(); i += 6) target.push_back(i);
  const std::vector<std::uint32_t> organ{static_cast<std::uint32_t>(input.grid.index(3, 1, 1))};
  input.structures = {{target, target}, {all, all}, {organ, organ}};
  input.dose = [&](const DoseSink& sink) {
    for (std::uint32_t voxel = 0; voxel < all.size(); ++voxel) sink(0, voxel, 2.0 * (voxel % 6));
  };
  std::vector<StructureGeometry> geometry;
  ASSERT_TRUE(build_structure_geometry(input, target, 0.5, geometry).ok());
  ASSERT_EQ(geometry.size(), 3U);
  for (std::uint32_t s = 0; s < 3; ++s) {
    EXPECT_EQ(geometry[s].structure, s);
    // At the ends of the rows the difference is one-sided: the same slope.
    EXPECT_NEAR(geometry[s].dose_gradient_gy_per_mm, 0.25, 1e-12);
  }
  EXPECT_EQ(geometry[0].target_distance_mm, 0.0);
  EXPECT_EQ(geometry[1].target_distance_mm, 0.0) << "holds the target";
  EXPECT_FLOAT_EQ(static_cast<float>(geometry[2].target_distance_mm), 12.0F);
  double sphericity = 0.0;
  ASSERT_TRUE(sphericity_of(input.grid, all, sphericity).ok());
  EXPECT_EQ(geometry[1].sphericity, sphericity);
}

TEST(StructureGeometry, DifferencesAreBetweenRowsOnly) {
  // Dose stands in one voxel beside a structure of one: without a row beside it there is no gradient.
  FeatureInput input;
  input.grid = {{3, 1, 1}, {5.0, 5.0, 5.0}, {0.0, 0.0, 0.0}};
  input.beamlet_count = 1;
  const std::vector<std::uint32_t> middle{1};
  input.structures = {{middle, middle}};
  input.dose = [](const DoseSink& sink) { sink(0, 2, 10.0); };
  std::vector<StructureGeometry> geometry;
  ASSERT_TRUE(build_structure_geometry(input, middle, 1.0, geometry).ok());
  EXPECT_EQ(geometry[0].dose_gradient_gy_per_mm, 0.0);
}

TEST(PathDensity, FollowsTheBeamletAndStepsFiveMm) {
  // Water from y = -50 to 50 mm around the origin; beam from the front, so that depth runs along +y.
  const VoxelGrid grid{{21, 21, 3}, {5.0, 5.0, 5.0}, {-50.0, -50.0, -5.0}};
  std::vector<float> density(grid.voxel_count(), 1.0F);
  // Bone where x > 0, so that columns must run to the patient's left at gantry 0.
  for (std::size_t i = 0; i < density.size(); ++i)
    if (grid.center_mm(i)[0] > 0.0) density[i] = 2.0F;
  const std::vector<Beam> beams{{0.0, 0.0, 3, 1, 20.0, 10.0}, {180.0, 0.0, 3, 1, 20.0, 10.0}};
  std::vector<double> path;
  ASSERT_TRUE(build_path_density(grid, density.data(), {0, 0, 0}, beams, path).ok());
  ASSERT_EQ(path.size(), 6U * kPathSamples);
  const auto length_mm = [&](int beamlet) {
    double sum = 0.0;
    for (std::uint32_t k = 0; k < kPathSamples; ++k) sum += 5.0 * path[beamlet * kPathSamples + k];
    return sum;
  };
  EXPECT_EQ(path[kPathSamples + 0], 0.0) << "air before the patient";
  EXPECT_DOUBLE_EQ(path[0 * kPathSamples + 50], 1.0);
  EXPECT_DOUBLE_EQ(path[2 * kPathSamples + 50], 2.0);
  EXPECT_DOUBLE_EQ(path[3 * kPathSamples + 50], 2.0) << "from behind, the first column is on the left";
  EXPECT_NEAR(length_mm(0), 105.0, 1.0);
  EXPECT_NEAR(length_mm(2), 210.0, 2.0);
}

TEST(PathDensity, InterpolatesBetweenCentres) {
  const VoxelGrid grid{{1, 2, 1}, {5.0, 5.0, 5.0}, {0.0, 0.0, 0.0}};
  const std::vector<float> density{1.0F, 2.0F};
  std::vector<double> path;
  // Samples lie 2.5 mm beside the isocentre plane: at y = 0, where the first voxel is, and at y = 5.
  ASSERT_TRUE(build_path_density(grid, density.data(), {0.0, 2.5, 0.0}, {{0.0, 0.0, 1, 1, 5.0, 5.0}}, path).ok());
  EXPECT_DOUBLE_EQ(path[49], 1.0);
  EXPECT_DOUBLE_EQ(path[50], 2.0);
  ASSERT_TRUE(build_path_density(grid, density.data(), {0.0, 5.0, 0.0}, {{0.0, 0.0, 1, 1, 5.0, 5.0}}, path).ok());
  EXPECT_DOUBLE_EQ(path[49], 1.5);
  EXPECT_DOUBLE_EQ(path[48], 0.5) << "half way out of the grid";
  EXPECT_DOUBLE_EQ(path[60], 0.0);
}

TEST(RelativeDensity, OfCtNumbers) {
  EXPECT_DOUBLE_EQ(relative_density(-1050), 0.0);
  EXPECT_DOUBLE_EQ(relative_density(-500), 0.5);
  EXPECT_DOUBLE_EQ(relative_density(1500), 1.78);
  EXPECT_DOUBLE_EQ(relative_density(20000), 2.5);
}

TEST(Features, NameWhatIsWrong) {
  const Slab slab;
  const std::vector<std::uint32_t> beyond{7}, falling{1, 0}, stranger{4};
  const auto problem = [&](auto&& change) {
    FeatureInput input = slab.input();
    change(input);
    BeamletFeatures features;
    features.mean_dose = {1.0};
    const Status status = build_beamlet_features(input, features);
    EXPECT_EQ(status.code, StatusCode::kInvalidInput);
    EXPECT_TRUE(features.mean_dose.empty());
    return status.message;
  };
  const auto names = [](const std::string& message, const char* field) {
    return message.find(field) != std::string::npos ? ::testing::AssertionSuccess()
                                                    : ::testing::AssertionFailure() << message;
  };
  EXPECT_TRUE(names(problem([](auto& in) { in.grid.size[1] = 0; }), "grid.size[1]"));
  EXPECT_TRUE(names(problem([](auto& in) { in.grid.spacing_mm[2] = -1.0; }), "grid.spacing_mm[2]"));
  EXPECT_TRUE(names(problem([](auto& in) { in.grid.origin_mm[0] = std::nan(""); }), "grid.origin_mm[0]"));
  EXPECT_TRUE(names(problem([](auto& in) { in.grid.size = {100000, 100000, 100000}; }), "grid.size"));
  EXPECT_TRUE(names(problem([](auto& in) { in.beamlet_count = 0; }), "beamlet_count"));
  EXPECT_TRUE(names(problem([](auto& in) { in.beamlet_count = 2000000; }), "beamlet_count"));
  EXPECT_TRUE(names(problem([](auto& in) { in.structures.clear(); }), "structures"));
  EXPECT_TRUE(names(problem([](auto& in) { in.dose = nullptr; }), "dose"));
  EXPECT_TRUE(names(problem([](auto& in) { in.structures[1].contour = {}; }), "structures[1].contour"));
  EXPECT_TRUE(names(problem([](auto& in) { in.structures[0].contour.data = nullptr; }), "structures[0].contour"));
  EXPECT_TRUE(names(problem([&](auto& in) { in.structures[1].contour = beyond; }), "structures[1].contour[0]"));
  EXPECT_TRUE(names(problem([&](auto& in) { in.structures[0].planned = falling; }), "structures[0].planned[1]"));
  EXPECT_TRUE(names(problem([&](auto& in) { in.structures[0].planned = stranger; }), "structures[0].planned"));
  const auto sends = [](std::uint32_t beamlet, std::uint32_t voxel, double dose) {
    return [=](FeatureInput& in) { in.dose = [=](const DoseSink& sink) { sink(beamlet, voxel, dose); }; };
  };
  EXPECT_TRUE(names(problem(sends(3, 0, 1.0)), "beamlet 3 of 3"));
  EXPECT_TRUE(names(problem(sends(0, 5, 1.0)), "voxel 5 of 5"));
  EXPECT_TRUE(names(problem(sends(2, 1, std::nan(""))), "dose of beamlet 2 in voxel 1"));
  EXPECT_TRUE(names(problem(sends(2, 1, -1.0)), "dose of beamlet 2 in voxel 1"));
  EXPECT_TRUE(names(problem(sends(2, 1, std::numeric_limits<double>::infinity())), "dose of beamlet 2"));
}

TEST(Features, KeepACallbacksExceptionInside) {
  const Slab slab;
  FeatureInput input = slab.input();
  input.dose = [](const DoseSink&) { throw std::runtime_error("no dose today"); };
  BeamletFeatures features;
  const Status status = build_beamlet_features(input, features);
  EXPECT_EQ(status.code, StatusCode::kFault);
  EXPECT_NE(status.message.find("no dose today"), std::string::npos) << status.message;
  input.dose = [](const DoseSink&) { throw 7; };
  EXPECT_EQ(build_beamlet_features(input, features).code, StatusCode::kFault);
}

}  // namespace
}  // namespace dh_advisor::testing
