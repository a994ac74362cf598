// `check_geometry` refuses no valid plan and finds each common mistake in all of them.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>

#include "rtmodel/self_check/plans.h"

namespace rtmodel::testing {
namespace {

using dh_advisor::Beam;
using dh_advisor::CheckFault;
using dh_advisor::CheckOutcome;
using dh_advisor::CheckResult;
using dh_advisor::GeometryCheckInput;

using Spoil = std::function<void(GeometryCheckInput&)>;
/// Where the client's own program has the beamlet of a beam's row and column; `columns` and `rows` of the beam.
using Place = std::uint32_t (*)(std::uint32_t row, std::uint32_t column, std::uint32_t rows, std::uint32_t columns);

CheckResult check(const GeometryCheckInput& said) {
  CheckResult result;
  const auto status = check_geometry(said, result);
  EXPECT_TRUE(status.ok()) << status.message;
  return result;
}

Spoil place(Place within_beam) {
  return [within_beam](GeometryCheckInput& said) {
    std::vector<std::uint32_t> order(said.features.beamlet_count);
    std::uint32_t first = 0;
    for (const Beam& beam : said.beams) {
      for (std::uint32_t row = 0; row < beam.rows; ++row)
        for (std::uint32_t column = 0; column < beam.columns; ++column)
          order[first + row * beam.columns + column] = first + within_beam(row, column, beam.rows, beam.columns);
      first += beam.rows * beam.columns;
    }
    said.features.dose = changed(said.features.dose, 1.0, order);
    said.geometry = nullptr;  // What is sent is made from the same wrong matrix.
  };
}

Spoil beams(std::function<void(Beam&)> change) {
  return [change](GeometryCheckInput& said) {
    for (Beam& beam : said.beams) change(beam);
  };
}

Spoil scale(double factor) {
  return [factor](GeometryCheckInput& said) {
    said.features.dose = changed(said.features.dose, factor, {});
    said.geometry = nullptr;
  };
}

double turned(double angle_deg) { return std::fmod(angle_deg + 360.0, 360.0); }

TEST(GeometryCheck, PassesEveryValidPlan) {
  ASSERT_GE(all_plans().size(), 21U);
  for (const auto& plan : all_plans()) {
    const CheckResult result = check(plan->said());
    EXPECT_EQ(result.outcome, CheckOutcome::kPassed) << plan->name() << ": " << result.finding;
    EXPECT_EQ(result.fault, CheckFault::kNone);
    EXPECT_NEAR(result.ratio, 1.0, 1e-3) << plan->name();
  }
}

TEST(GeometryCheck, PassesPlansWhoseDoseEndsWithTheTarget) {
  for (const auto& plan : all_plans()) {
    GeometryCheckInput said = plan->said();
    said.features.dose = only_in(said.features.structures[0].contour, said.features);
    said.geometry = nullptr;
    const CheckResult result = check(said);
    EXPECT_EQ(result.outcome, CheckOutcome::kPassed) << plan->name() << ": " << result.finding;
  }
}

struct Mistake {
  const char* name;
  CheckFault fault;
  const char* field;
  Spoil spoil;
  bool needs_rows = false;
  bool needs_beams = false;
};

class Mistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreFoundInEveryPlanAndNamed) {
  const Mistake& mistake = GetParam();
  int tried = 0;
  for (const auto& plan : all_plans()) {
    const auto& said = plan->said();
    if (mistake.needs_rows && said.beams[0].rows == 1) continue;
    if (mistake.needs_beams && said.beams.size() < 3) continue;
    GeometryCheckInput spoilt = said;
    mistake.spoil(spoilt);
    const CheckResult result = check(spoilt);
    ++tried;
    EXPECT_EQ(result.outcome, CheckOutcome::kFailed) << plan->name();
    EXPECT_EQ(result.fault, mistake.fault) << plan->name() << ": " << result.finding;
    EXPECT_NE(result.field.find(mistake.field), std::string::npos) << plan->name() << ": " << result.field;
    EXPECT_FALSE(result.finding.empty());
  }
  EXPECT_GE(tried, 6);
}

const Mistake kMistakes[] = {
    {"MirroredColumns", CheckFault::kBeamletOrder, "columns",
     place([](auto row, auto column, auto, auto columns) { return row * columns + columns - 1 - column; })},
    {"MirroredRows", CheckFault::kBeamletOrder, "rows",
     place([](auto row, auto column, auto rows, auto columns) { return (rows - 1 - row) * columns + column; }), true},
    {"RowsFastest", CheckFault::kBeamletOrder, "rows",
     place([](auto row, auto column, auto rows, auto) { return column * rows + row; }), true},
    {"BeamsFastest", CheckFault::kBeamletOrder, "beams",
     [](GeometryCheckInput& said) {
       const std::uint32_t per_beam = said.beams[0].rows * said.beams[0].columns;
       const auto count = static_cast<std::uint32_t>(said.beams.size());
       std::vector<std::uint32_t> order(said.features.beamlet_count);
       for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i % per_beam * count + i / per_beam;
       said.features.dose = changed(said.features.dose, 1.0, order);
       said.geometry = nullptr;
     }},
    {"GantryPlus90", CheckFault::kGantry, "gantry_deg",
     beams([](Beam& beam) { beam.gantry_deg = turned(beam.gantry_deg + 90.0); })},
    {"GantryMinus90", CheckFault::kGantry, "gantry_deg",
     beams([](Beam& beam) { beam.gantry_deg = turned(beam.gantry_deg - 90.0); })},
    {"GantryPlus90AndMirroredColumns", CheckFault::kGantry, "gantry_deg",
     [](GeometryCheckInput& said) {
       beams([](Beam& beam) { beam.gantry_deg = turned(beam.gantry_deg + 90.0); })(said);
       place([](auto row, auto column, auto, auto columns) { return row * columns + columns - 1 - column; })(said);
     }},
    {"GantryInRadians", CheckFault::kGantry, "gantry_deg",
     beams([](Beam& beam) { beam.gantry_deg *= std::acos(-1.0) / 180.0; }), false, true},
    {"GantryTheOtherWayRound", CheckFault::kGantry, "gantry_deg",
     beams([](Beam& beam) { beam.gantry_deg = turned(-beam.gantry_deg); }), false, true},
    {"OneGantry", CheckFault::kGantry, "beams[1].gantry_deg",
     [](GeometryCheckInput& said) { said.beams[1].gantry_deg += 47.0; }, false, true},
    {"SizesInCm", CheckFault::kPitch, "column_width_mm", beams([](Beam& beam) {
       beam.column_width_mm /= 10.0;
       beam.row_height_mm /= 10.0;
     })},
    {"FiveMmSaidToBeFour", CheckFault::kPitch, "column_width_mm", beams([](Beam& beam) {
       beam.column_width_mm = 4.0;
       if (beam.rows > 1) beam.row_height_mm = 4.0;
     })},
    {"IsocenterOff", CheckFault::kIsocenter, "isocenter_mm",
     [](GeometryCheckInput& said) { said.isocenter_mm[0] += 25.0, said.isocenter_mm[1] -= 10.0; }},
    {"MatrixTimesTwo", CheckFault::kDoseScale, "features.dose", scale(2.0)},
    {"MatrixHalved", CheckFault::kDoseScale, "features.dose", scale(0.5)},
    {"DoseInHundredthsOfGy", CheckFault::kDoseScale, "features.dose", scale(0.01)},
};

INSTANTIATE_TEST_SUITE_P(GeometryCheck, Mistakes, ::testing::ValuesIn(kMistakes),
                         [](const auto& info) { return info.param.name; });

/// What is sent beside a right matrix.
CheckResult check_sent(const CheckedPlan& plan, const std::function<void(dh_advisor::Geometry&)>& spoil) {
  dh_advisor::Geometry sent = plan.sent();
  spoil(sent);
  GeometryCheckInput said = plan.said();
  said.geometry = &sent;
  return check(said);
}

TEST(GeometryCheck, FindsGradientsPerCm) {
  for (const auto& plan : all_plans()) {
    const CheckResult result = check_sent(*plan, [](dh_advisor::Geometry& sent) {
      for (auto& structure : sent.structures) structure.dose_gradient_gy_per_mm *= 10.0;
    });
    EXPECT_EQ(result.fault, CheckFault::kFeature) << plan->name();
    EXPECT_EQ(result.field, "geometry.structures[0].dose_gradient_gy_per_mm");
    EXPECT_NEAR(result.ratio, 10.0, 1e-9);
    EXPECT_NE(result.finding.find("per cm"), std::string::npos) << result.finding;
  }
}

TEST(GeometryCheck, FindsEachOfTheOtherFeatures) {
  const CheckedPlan& plan = *all_plans().front();
  const auto last = plan.sent().structures.size() - 1;
  EXPECT_EQ(check_sent(plan, [&](auto& sent) { sent.structures[last].sphericity *= 0.67; }).field,
            "geometry.structures[" + std::to_string(last) + "].sphericity");
  EXPECT_EQ(check_sent(plan, [&](auto& sent) { sent.structures[last].target_distance_mm += 6.0; }).field,
            "geometry.structures[" + std::to_string(last) + "].target_distance_mm");
  const auto scaled = [](const std::vector<double>& values, double factor) {
    std::vector<double> result = values;
    for (double& value : result) value *= factor;
    return result;
  };
  const std::vector<double> norms = scaled(plan.features().column_norm, 100.0);
  const CheckResult unit = check_sent(plan, [&](auto& sent) { sent.tensors[0].data = norms.data(); });
  EXPECT_EQ(unit.field, "geometry.tensors[0]");
  EXPECT_NEAR(unit.ratio, 100.0, 1e-9);
  EXPECT_NE(unit.finding.find("cGy"), std::string::npos) << unit.finding;
  // Over the target's rows alone, and 1 where a beamlet is excluded.
  dh_advisor::FeatureInput alone = plan.said().features;
  alone.structures = {alone.structures[0]};
  dh_advisor::BeamletFeatures of_target;
  ASSERT_TRUE(build_beamlet_features(alone, of_target).ok());
  EXPECT_EQ(check_sent(plan, [&](auto& sent) { sent.tensors[0].data = of_target.column_norm.data(); }).field,
            "geometry.tensors[0]");
  std::vector<double> ones = plan.features().column_norm;
  const auto excluded = std::find(ones.begin(), ones.end(), 0.0);
  ASSERT_NE(excluded, ones.end());
  *excluded = 1.0;
  const CheckResult one = check_sent(plan, [&](auto& sent) { sent.tensors[0].data = ones.data(); });
  EXPECT_NE(one.finding.find("excluded"), std::string::npos) << one.finding;
  const CheckResult exchanged =
      check_sent(plan, [](auto& sent) { std::swap(sent.tensors[1].data, sent.tensors[2].data); });
  EXPECT_EQ(exchanged.field, "geometry.tensors[1]");
}

TEST(GeometryCheck, TakesTheClientsOwnFlatStart) {
  GeometryCheckInput said = all_plans().front()->said();
  scale(0.5)(said);
  said.uniform_weight = 0.1;
  EXPECT_EQ(check(said).outcome, CheckOutcome::kPassed);
}

TEST(GeometryCheck, NamesWhatItCannotCheck) {
  const auto problem = [](const Spoil& spoil) {
    GeometryCheckInput said = all_plans().front()->said();
    spoil(said);
    CheckResult result;
    const auto status = check_geometry(said, result);
    EXPECT_EQ(status.code, dh_advisor::StatusCode::kInvalidInput);
    EXPECT_EQ(result.outcome, CheckOutcome::kUnclear);
    return status.message;
  };
  const auto names = [](const std::string& message, const char* field) {
    return message.find(field) != std::string::npos ? ::testing::AssertionSuccess()
                                                    : ::testing::AssertionFailure() << message;
  };
  EXPECT_TRUE(names(problem([](auto& said) { said.beams.pop_back(); }), "beamlet_count"));
  EXPECT_TRUE(names(problem([](auto& said) { said.beams[1].gantry_deg = std::nan(""); }), "beams[1].gantry_deg"));
  EXPECT_TRUE(names(problem([](auto& said) { said.beams[1].columns = 0; }), "beams[1].columns"));
  EXPECT_TRUE(names(problem([](auto& said) { said.beams[1].row_height_mm = 0.0; }), "beams[1].row_height_mm"));
  EXPECT_TRUE(names(problem([](auto& said) { said.structures.pop_back(); }), "structures"));
  EXPECT_TRUE(names(problem([](auto& said) { said.weight_ceiling = 0.0; }), "weight_ceiling"));
  EXPECT_TRUE(names(problem([](auto& said) { said.uniform_weight = -1.0; }), "uniform_weight"));
  EXPECT_TRUE(names(problem([](auto& said) { said.isocenter_mm[2] = std::nan(""); }), "isocenter_mm"));
  EXPECT_TRUE(names(problem([](auto& said) {
                      for (auto& structure : said.structures) structure.prescribed_dose_gy.reset();
                    }),
                    "prescribed_dose_gy"));
  EXPECT_TRUE(names(problem([](auto& said) {
                      static dh_advisor::Geometry sent;
                      sent = *said.geometry;
                      sent.tensors[0].shape = {1};
                      said.geometry = &sent;
                    }),
                    "geometry.tensors[0]"));
  GeometryCheckInput empty = all_plans().front()->said();
  empty.features.dose = [](const dh_advisor::DoseSink&) {};
  EXPECT_EQ(check(empty).field, "features.dose");
}

}  // namespace
}  // namespace rtmodel::testing
