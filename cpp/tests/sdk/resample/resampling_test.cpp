// Beamlets of one pitch and of another: what adds up, what is averaged, what comes back.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "dh_advisor/resample.h"

namespace dh_advisor::testing {
namespace {

using Values = std::vector<double>;

/// Two beams of different size; deterministic doses in 30 voxels.
struct Plan {
  explicit Plan(double width_mm, std::uint32_t rows, double height_mm)
      : beams{{20.0, 0.0, 9, rows, width_mm, height_mm}, {140.0, 0.0, 6, rows, width_mm, height_mm}} {
    input.grid = {{30, 1, 1}, {5.0, 5.0, 5.0}, {0.0, 0.0, 0.0}};
    input.beamlet_count = static_cast<std::uint32_t>(beamlet_count(beams));
    input.structures = {{target, target}, {organ, organ}};
    input.dose = [this](const DoseSink& sink) {
      for (std::uint32_t i = 0; i < input.beamlet_count; ++i)
        for (std::uint32_t v = 0; v < 30; ++v)
          if ((i + v) % 3 != 0) sink(i, v, dose(i, v));
    };
  }
  Plan(const Plan&) = delete;

  static double dose(std::uint32_t i, std::uint32_t v) { return 1.0 + std::fabs(std::sin(1.7 * i + 0.3 * v)); }

  std::vector<Beam> beams;
  std::vector<std::uint32_t> target{0, 1, 2, 3, 9}, organ{4, 5, 6, 20};
  FeatureInput input;
};

struct Pitch {
  double client_mm;
  std::uint32_t rows;
  double height_mm;
  double model_mm;
};

class Resampled : public ::testing::TestWithParam<Pitch> {
 protected:
  Resampled() : plan_(GetParam().client_mm, GetParam().rows, GetParam().height_mm) {
    EXPECT_TRUE(beams_of_pitch(plan_.beams, GetParam().model_mm, model_beams_).ok());
    const Status status = Resampling::make(plan_.beams, model_beams_, resampling_);
    EXPECT_TRUE(status.ok()) << status.message;
    EXPECT_EQ(resampling_.client_count(), beamlet_count(plan_.beams));
    EXPECT_EQ(resampling_.model_count(), beamlet_count(model_beams_));
    for (std::size_t j = 0; j < resampling_.model_count(); ++j)
      weights_.push_back(0.05 + 0.04 * std::cos(0.9 * static_cast<double>(j)));
  }

  Plan plan_;
  std::vector<Beam> model_beams_;
  Resampling resampling_;
  Values weights_;  ///< A model's.
};

TEST_P(Resampled, MeanDosesAreTheSameOnBothGrids) {
  BeamletFeatures features;
  ASSERT_TRUE(build_beamlet_features(plan_.input, features).ok());
  Values mean, weights;
  ASSERT_TRUE(resampling_.sum_to_model(features.mean_dose, 2, mean).ok());
  ASSERT_TRUE(resampling_.spread_to_client(weights_, weights).ok());
  for (std::size_t s = 0; s < 2; ++s) {
    double of_client = 0.0, of_model = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) of_client += weights[i] * features.mean_dose[2 * i + s];
    for (std::size_t j = 0; j < weights_.size(); ++j) of_model += weights_[j] * mean[2 * j + s];
    EXPECT_NEAR(of_model, of_client, 1e-12 * of_client);
  }
}

TEST_P(Resampled, AFlatStartStaysFlat) {
  Values back;
  ASSERT_TRUE(resampling_.spread_to_client(Values(resampling_.model_count(), 0.05), back).ok());
  for (const double weight : back) EXPECT_NEAR(weight, 0.05, 1e-12);
  ASSERT_TRUE(resampling_.average_to_model(Values(resampling_.client_count(), 0.05), back).ok());
  for (const double weight : back) EXPECT_TRUE(weight == 0.0 || std::fabs(weight - 0.05) < 1e-12);
}

TEST_P(Resampled, DosesOfTheModelGiveNormsAndMaxima) {
  DoseSource dose;
  ASSERT_TRUE(resampling_.dose_of_model(plan_.input, dose).ok());
  FeatureInput model = plan_.input;
  model.beamlet_count = static_cast<std::uint32_t>(resampling_.model_count());
  model.dose = dose;
  BeamletFeatures features, of_client;
  ASSERT_TRUE(build_beamlet_features(model, features).ok());
  ASSERT_TRUE(build_beamlet_features(plan_.input, of_client).ok());
  Values mean;
  ASSERT_TRUE(resampling_.sum_to_model(of_client.mean_dose, 2, mean).ok());
  for (std::size_t i = 0; i < mean.size(); ++i) EXPECT_NEAR(features.mean_dose[i], mean[i], 1e-12);
  // By definition: the column of a model's beamlet is that of its fluence alone.
  for (const std::size_t j : {std::size_t{0}, resampling_.model_count() / 2, resampling_.model_count() - 1}) {
    Values one(resampling_.model_count(), 0.0), spread;
    one[j] = 1.0;
    ASSERT_TRUE(resampling_.spread_to_client(one, spread).ok());
    double square = 0.0, highest = 0.0;
    for (std::uint32_t v = 0; v < 30; ++v) {
      double sum = 0.0;
      for (std::uint32_t i = 0; i < spread.size(); ++i)
        if ((i + v) % 3 != 0) sum += spread[i] * Plan::dose(i, v);
      const bool is_target = v <= 3 || v == 9, is_organ = (v >= 4 && v <= 6) || v == 20;
      if (is_target || is_organ) square += sum * sum;
      if (is_target) highest = std::max(highest, sum);
    }
    EXPECT_NEAR(features.column_norm[j], std::sqrt(square), 1e-12 * (1.0 + square));
    EXPECT_NEAR(features.max_dose[2 * j], highest, 1e-12 * (1.0 + highest));
  }
}

TEST_P(Resampled, FluenceLiesWhereItLay) {
  // The centre of a wedge across the first beam stays, within the coarser cell.
  Values wedge(resampling_.model_count(), 0.0), client;
  const Beam& model = model_beams_[0];
  const Beam& own = plan_.beams[0];
  for (std::uint32_t i = 0; i < model.columns * model.rows; ++i)
    wedge[i] = 1.0 + cell_center_mm(i % model.columns, model.columns, model.column_width_mm) / 100.0;
  ASSERT_TRUE(resampling_.spread_to_client(wedge, client).ok());
  for (std::uint32_t i = 0; i < own.columns * own.rows; ++i) {
    const double u_mm = cell_center_mm(i % own.columns, own.columns, own.column_width_mm);
    EXPECT_NEAR(client[i], 1.0 + u_mm / 100.0, 0.5 * model.column_width_mm / 100.0 + 1e-12);
  }
}

INSTANTIATE_TEST_SUITE_P(Pitches, Resampled,
                         ::testing::Values(Pitch{4.0, 1, 20.0, 5.0}, Pitch{5.0, 1, 50.0, 5.0},
                                           Pitch{10.0, 1, 30.0, 5.0}, Pitch{2.5, 3, 2.5, 5.0}, Pitch{4.0, 5, 6.0, 5.0},
                                           Pitch{5.0, 4, 5.0, 2.5}));

TEST(Resampling, ToTheSamePitchIsTheIdentity) {
  const std::vector<Beam> beams{{0.0, 0.0, 7, 3, 5.0, 5.0}};
  std::vector<Beam> model;
  ASSERT_TRUE(beams_of_pitch(beams, 5.0, model).ok());
  EXPECT_EQ(model[0].columns, 7U);
  EXPECT_EQ(model[0].rows, 3U);
  Resampling resampling;
  ASSERT_TRUE(Resampling::make(beams, model, resampling).ok());
  Values values(21), result;
  std::iota(values.begin(), values.end(), 1.0);
  ASSERT_TRUE(resampling.spread_to_client(values, result).ok());
  EXPECT_EQ(result, values);
  ASSERT_TRUE(resampling.average_to_model(values, result).ok());
  EXPECT_EQ(result, values);
  ASSERT_TRUE(resampling.sum_to_model(values, 1, result).ok());
  EXPECT_EQ(result, values);
}

TEST(Resampling, SharesByHand) {
  // 4 mm: [-6, -2], [-2, 2], [2, 6]; 5 mm: [-7.5, -2.5], [-2.5, 2.5], [2.5, 7.5].
  const std::vector<Beam> beams{{0.0, 0.0, 3, 1, 4.0, 20.0}};
  std::vector<Beam> model;
  ASSERT_TRUE(beams_of_pitch(beams, 5.0, model).ok());
  ASSERT_EQ(model[0].columns, 3U);
  EXPECT_EQ(model[0].rows, 1U);
  EXPECT_EQ(model[0].row_height_mm, 20.0);
  Resampling resampling;
  ASSERT_TRUE(Resampling::make(beams, model, resampling).ok());
  Values result;
  ASSERT_TRUE(resampling.spread_to_client({1.0, 2.0, 4.0}, result).ok());
  EXPECT_DOUBLE_EQ(result[0], (3.5 * 1.0 + 0.5 * 2.0) / 4.0);
  EXPECT_DOUBLE_EQ(result[1], 2.0);
  EXPECT_DOUBLE_EQ(result[2], (0.5 * 2.0 + 3.5 * 4.0) / 4.0);
  ASSERT_TRUE(resampling.sum_to_model({8.0, 16.0, 24.0}, 1, result).ok());
  EXPECT_DOUBLE_EQ(result[0], 7.0);
  EXPECT_DOUBLE_EQ(result[1], 1.0 + 16.0 + 3.0);
  EXPECT_DOUBLE_EQ(result[2], 21.0);
}

TEST(Resampling, NamesWhatIsWrong) {
  const std::vector<Beam> beams{{0.0, 0.0, 3, 1, 4.0, 20.0}};
  std::vector<Beam> model;
  const auto names = [](const Status& status, const char* field) {
    if (status.code != StatusCode::kInvalidInput) return ::testing::AssertionFailure() << name_of(status.code);
    return status.message.find(field) != std::string::npos ? ::testing::AssertionSuccess()
                                                           : ::testing::AssertionFailure() << status.message;
  };
  EXPECT_TRUE(names(beams_of_pitch(beams, 0.0, model), "pitch_mm"));
  EXPECT_TRUE(names(beams_of_pitch(beams, 1e-9, model), "pitch_mm"));
  EXPECT_TRUE(names(beams_of_pitch({}, 5.0, model), "beams"));
  Resampling resampling;
  EXPECT_TRUE(names(Resampling::make(beams, {}, resampling), "beams"));
  EXPECT_TRUE(names(Resampling::make(beams, {beams[0], beams[0]}, resampling), "pair"));
  std::vector<Beam> turned = beams;
  turned[0].gantry_deg = 90.0;
  EXPECT_TRUE(names(Resampling::make(beams, turned, resampling), "model_beams[0]"));
  ASSERT_TRUE(Resampling::make(beams, beams, resampling).ok());
  Values result{1.0};
  EXPECT_TRUE(names(resampling.sum_to_model(Values(4), 1, result), "client has 4"));
  EXPECT_TRUE(result.empty());
  EXPECT_TRUE(names(resampling.sum_to_model(Values(3), 0, result), "columns"));
  EXPECT_TRUE(names(resampling.average_to_model(Values(4), result), "client has 4"));
  EXPECT_TRUE(names(resampling.spread_to_client(Values(2), result), "model has 2"));
  DoseSource dose;
  EXPECT_TRUE(names(resampling.dose_of_model({}, dose), "grid"));
  const Plan plan(4.0, 1, 20.0);
  EXPECT_TRUE(names(resampling.dose_of_model(plan.input, dose), "beamlet_count"));
}

}  // namespace
}  // namespace dh_advisor::testing
