// The gates decide as test/fixtures/conformance/gates.json has it, as they do in every other client.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "dh_advisor/gates.h"

namespace dh_advisor::testing {
namespace {

using nlohmann::json;

/// JSON has no NaN: those are text.
double number(const json& value) {
  if (!value.is_string()) return value;
  if (value == "nan") return std::numeric_limits<double>::quiet_NaN();
  return value == "inf" ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
}

std::vector<double> numbers(const json& values) {
  std::vector<double> result;
  for (const json& value : values) result.push_back(number(value));
  return result;
}

const json& gates() {
  static const json all = [] {
    std::ifstream file(DH_CONFORMANCE_DIR "/gates.json");
    return json::parse(file);
  }();
  return all;
}

TEST(ConformanceOfGates, ForVectorsSchedulesSigmasAndStarts) {
  for (const json& said : gates().at("vectors"))
    EXPECT_EQ(name_of(check_vector(numbers(said.at("values")), 3, 0.0, 0.2)), said.at("verdict")) << said;
  for (const json& said : gates().at("schedules")) {
    std::vector<Stage> stages;
    for (const json& stage : said.at("stages")) stages.push_back({stage[0], number(stage[1]), stage[2]});
    EXPECT_EQ(name_of(check_stages(stages, 2, 2.5, 0.5, 40.0)), said.at("verdict")) << said;
  }
  for (const json& said : gates().at("structure_sigmas")) {
    std::vector<StructureSigma> sigmas;
    for (const json& sigma : said.at("sigmas")) sigmas.push_back({sigma[0], number(sigma[1])});
    EXPECT_EQ(name_of(check_structure_sigmas(sigmas, 2, 0.5, 40.0)), said.at("verdict")) << said;
  }
  for (const json& said : gates().at("starts"))
    EXPECT_EQ(name_of(choose_start(number(said.at("default")), number(said.at("proposed")))), said.at("verdict"))
        << said;
}

TEST(ConformanceOfGates, ForDirections) {
  for (const json& of : gates().at("directions")) {
    DirectionGate gate;
    for (const json& said : of.at("asked")) {
      DirectionAdvice advice;
      advice.direction = numbers(said.at("direction"));
      if (!said.at("step_length").is_null()) advice.step_length = number(said.at("step_length"));
      const std::vector<double> gradient = numbers(said.at("gradient"));
      ASSERT_EQ(name_of(gate.consider(advice, gradient.data(), gradient.size())), said.at("verdict")) << said;
      ASSERT_EQ(gate.is_off(), said.at("is_off")) << said;
      if (said.at("kept").is_null()) continue;
      const std::vector<double> kept = numbers(said.at("kept"));
      for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_NEAR(advice.direction[i], kept[i], 1e-8) << said;
      ASSERT_EQ(advice.step_length.has_value(), !said.at("kept_step_length").is_null()) << said;
      if (advice.step_length) {
        EXPECT_NEAR(*advice.step_length, said.at("kept_step_length"), 1e-8) << said;
      }
    }
  }
  for (const json& said : gates().at("trials")) {
    const Verdict verdict = DirectionGate::judge_trial(number(said.at("f0")), number(said.at("slope0")),
                                                       number(said.at("f")), number(said.at("slope")), said.at("step"));
    EXPECT_EQ(name_of(verdict), said.at("verdict")) << said;
  }
}

TEST(ConformanceOfGates, ForStops) {
  for (const json& of : gates().at("stops")) {
    StopGate gate;
    std::uint32_t iteration = 0;
    for (const json& said : of.at("asked")) {
      StopAdvice advice;
      if (!said.at("decision").is_null()) advice.decision = static_cast<StopDecision>(said.at("decision").get<int>());
      const auto judgement =
          gate.consider(said.at("decision").is_null() ? nullptr : &advice, iteration++, number(said.at("gain")), 1e-4);
      ASSERT_EQ(static_cast<int>(judgement.granted), said.at("granted")) << of;
      ASSERT_EQ(judgement.action == StopGate::Action::kStop, said.at("granted") != 1) << of;
      ASSERT_EQ(judgement.verdict ? json(name_of(*judgement.verdict)) : json(), said.at("verdict")) << of;
      ASSERT_EQ(gate.is_checking(), said.at("is_checking")) << of;
    }
  }
}

}  // namespace
}  // namespace dh_advisor::testing
