// Features and self-checks of a plan that clients in every language compute alike: test/fixtures/conformance.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "dh_advisor/checks.h"

namespace dh_advisor::testing {
namespace {

using nlohmann::json;
using Voxels = std::vector<std::uint32_t>;

constexpr double kTolerance = 1e-9;

json read(const std::string& name) {
  std::ifstream file(std::string(DH_CONFORMANCE_DIR) + "/" + name);
  return json::parse(file);
}

Beam beam_of(const json& said) {
  return {said.at("gantry_deg"), said.at("couch_deg"),       said.at("columns"),
          said.at("rows"),       said.at("column_width_mm"), said.at("row_height_mm")};
}

std::vector<Beam> beams_of(const json& said) {
  std::vector<Beam> beams;
  for (const json& one : said) beams.push_back(beam_of(one));
  return beams;
}

StructureRole role_of(const std::string& word) {
  if (word == "target") return StructureRole::kTarget;
  return word == "organ-at-risk" ? StructureRole::kOrganAtRisk : StructureRole::kNormalTissue;
}

void expect_near(const json& expected, const std::vector<double>& values) {
  std::vector<double> flat;
  for (const json& row : expected) {
    if (row.is_array()) {
      flat.insert(flat.end(), row.begin(), row.end());
    } else {
      flat.push_back(row);
    }
  }
  ASSERT_EQ(flat.size(), values.size());
  for (std::size_t i = 0; i < flat.size(); ++i)
    ASSERT_NEAR(flat[i], values[i], kTolerance * (1.0 + std::fabs(flat[i]))) << "at " << i;
}

const char* word_of(CheckOutcome outcome) {
  if (outcome == CheckOutcome::kPassed) return "passed";
  return outcome == CheckOutcome::kFailed ? "failed" : "unclear";
}

/// The plan that `features.json` describes.
class Conformance : public ::testing::Test {
 protected:
  Conformance() : plan_(read("features.json")), beams_(beams_of(plan_.at("beams"))) {
    const json& grid = plan_.at("grid");
    features_.grid = {grid.at("size"), grid.at("spacing_mm"), grid.at("origin_mm")};
    isocenter_mm_ = plan_.at("isocenter_mm");
    features_.beamlet_count = static_cast<std::uint32_t>(beamlet_count(beams_));
    features_.dose = [this](const DoseSink& sink) { give_dose(sink); };
    for (const json& shape : plan_.at("ellipsoids")) {
      Structure structure;
      structure.name = shape.at("name");
      structure.role = role_of(shape.at("role"));
      if (!shape.at("prescribed_dose_gy").is_null()) structure.prescribed_dose_gy = shape.at("prescribed_dose_gy");
      structures_.push_back(structure);
      contours_.push_back(inside(shape));
      if (structure.role == StructureRole::kTarget) {
        Voxels both;
        std::set_union(targets_.begin(), targets_.end(), contours_.back().begin(), contours_.back().end(),
                       std::back_inserter(both));
        targets_ = both;
      }
    }
    structures_.emplace_back();
    structures_.back().role = StructureRole::kNormalTissue;
    contours_.emplace_back();
    const json& body = plan_.at("body");
    EXPECT_TRUE(shell_around(features_.grid, inside(body), targets_, body.at("shell_mm"), contours_.back()).ok());
    const std::vector<VoxelSpan> spans(contours_.begin(), contours_.end());
    EXPECT_TRUE(planned_voxels(structures_, spans, planned_).ok());
    for (std::size_t s = 0; s < contours_.size(); ++s) features_.structures.push_back({contours_[s], planned_[s]});
  }

  Voxels inside(const json& shape) const {
    const Vector3 center = shape.at("center_mm");
    const Vector3 half = shape.at("half_axes_mm");
    Voxels voxels;
    for (std::uint32_t voxel = 0; voxel < features_.grid.voxel_count(); ++voxel) {
      const Vector3 at = features_.grid.center_mm(voxel);
      double square = 0.0;
      for (int i = 0; i < 3; ++i) square += std::pow((at[i] - center[i]) / half[i], 2);
      if (square <= 1.0) voxels.push_back(voxel);
    }
    return voxels;
  }

  void give_dose(const DoseSink& sink) const {
    const double scale = plan_.at("scale");
    std::uint32_t beamlet = 0;
    for (const Beam& beam : beams_) {
      const BeamFrame frame = BeamFrame::at(beam.gantry_deg, beam.couch_deg, isocenter_mm_);
      for (std::uint32_t row = 0; row < beam.rows; ++row) {
        for (std::uint32_t column = 0; column < beam.columns; ++column, ++beamlet) {
          for (std::uint32_t voxel = 0; voxel < features_.grid.voxel_count(); ++voxel) {
            const BeamPoint at = frame.project(features_.grid.center_mm(voxel));
            const double u = at.u_mm - cell_center_mm(column, beam.columns, beam.column_width_mm);
            const double v = at.v_mm - cell_center_mm(row, beam.rows, beam.row_height_mm);
            const double dose = std::exp(-(u * u + v * v) / 30.0 - 0.006 * (at.depth_mm - 1000.0));
            if (dose > 1e-3) sink(beamlet, voxel, scale * dose);
          }
        }
      }
    }
  }

  const json& expected() const { return plan_.at("expected"); }

  json plan_;
  std::vector<Beam> beams_;
  Vector3 isocenter_mm_{};
  FeatureInput features_;
  std::vector<Structure> structures_;
  std::vector<Voxels> contours_;
  std::vector<Voxels> planned_;
  Voxels targets_;
};

TEST_F(Conformance, OfVoxelsDosesAndStructures) {
  ASSERT_EQ(expected().at("voxels").size(), contours_.size());
  for (std::size_t s = 0; s < contours_.size(); ++s) {
    EXPECT_EQ(expected().at("voxels")[s], json({contours_[s].size(), planned_[s].size()})) << s;
  }
  BeamletFeatures built;
  ASSERT_TRUE(build_beamlet_features(features_, built).ok());
  expect_near(expected().at("column_norm"), built.column_norm);
  expect_near(expected().at("mean_dose"), built.mean_dose);
  expect_near(expected().at("max_dose"), built.max_dose);
  double flat = 0.0;
  ASSERT_TRUE(flat_weight(structures_, built.mean_dose, flat).ok());
  EXPECT_NEAR(flat, expected().at("flat_weight"), kTolerance);
  std::vector<StructureGeometry> geometry;
  ASSERT_TRUE(build_structure_geometry(features_, targets_, 0.05, geometry).ok());
  ASSERT_EQ(geometry.size(), expected().at("structures").size());
  for (const StructureGeometry& one : geometry) {
    const json& said = expected().at("structures")[one.structure];
    EXPECT_NEAR(one.sphericity, said.at("sphericity"), kTolerance);
    EXPECT_NEAR(one.dose_gradient_gy_per_mm, said.at("dose_gradient_gy_per_mm"), kTolerance);
    EXPECT_NEAR(one.target_distance_mm, said.at("target_distance_mm"), kTolerance);
  }
}

TEST_F(Conformance, OfPathDensities) {
  std::vector<float> density;
  for (std::size_t i = 0; i < features_.grid.voxel_count(); ++i)
    density.push_back(static_cast<float>(relative_density(static_cast<int>(8 * i % 1700) - 900)));
  std::vector<double> paths;
  ASSERT_TRUE(build_path_density(features_.grid, density.data(), isocenter_mm_, beams_, paths).ok());
  std::vector<double> sums;
  std::vector<double> moments;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (i % kPathSamples == 0) {
      sums.push_back(0.0);
      moments.push_back(0.0);
    }
    sums.back() += paths[i];
    moments.back() += paths[i] * static_cast<double>(i % kPathSamples);
  }
  expect_near(expected().at("path_density_sums"), sums);
  expect_near(expected().at("path_density_moments"), moments);
  for (const json& pair : expected().at("relative_density"))
    EXPECT_NEAR(relative_density(pair[0]), pair[1], kTolerance) << pair[0];
}

TEST_F(Conformance, OfGeometryChecks) {
  for (const json& said : plan_.at("checks")) {
    GeometryCheckInput input;
    input.features = features_;
    input.structures = structures_;
    input.beams = beams_of(said.at("beams"));
    input.isocenter_mm = said.at("isocenter_mm");
    input.weight_ceiling = said.at("weight_ceiling");
    CheckResult result;
    ASSERT_TRUE(check_geometry(input, result).ok()) << said.at("name");
    const json found = {{"outcome", word_of(result.outcome)},
                        {"fault", name_of(result.fault)},
                        {"field", result.field},
                        {"finding", result.finding}};
    EXPECT_EQ(said.at("expected"), found) << said.at("name");
  }
}

TEST(ConformanceOfGradients, IsInWordsAndCalls) {
  const json plan = read("gradient-checks.json");
  const std::vector<double> weights = plan.at("weights");
  const std::vector<double> wanted = plan.at("wanted");
  for (const json& said : plan.at("cases")) {
    const std::vector<double> gradient = said.at("gradient");
    GradientCheckInput input;
    input.objective = [&wanted](const double* w, std::size_t n) {
      double sum = 0.0;
      for (std::size_t i = 0; i < n; ++i) sum += (w[i] - wanted[i]) * (w[i] - wanted[i]);
      return 30.0 * sum;
    };
    input.weights = weights.data();
    input.gradient = gradient.data();
    input.beamlet_count = weights.size();
    input.weight_ceiling = plan.at("weight_ceiling");
    input.weight_steepness = plan.at("weight_steepness");
    CheckResult result;
    ASSERT_TRUE(check_gradient(input, result).ok()) << said.at("name");
    const json& expected = said.at("expected");
    EXPECT_EQ(word_of(result.outcome), expected.at("outcome")) << said.at("name");
    EXPECT_EQ(name_of(result.fault), expected.at("fault")) << said.at("name");
    EXPECT_EQ(result.finding, expected.at("finding")) << said.at("name");
    EXPECT_EQ(result.value_calls, expected.at("value_calls")) << said.at("name");
    EXPECT_NEAR(result.ratio, expected.at("ratio"), 1e-6 * (1.0 + std::fabs(result.ratio))) << said.at("name");
  }
}

}  // namespace
}  // namespace dh_advisor::testing
