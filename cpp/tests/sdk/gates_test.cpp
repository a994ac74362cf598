#include "dh_advisor/gates.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace dh_advisor {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(CheckVector, NamesWhatIsWrong) {
  EXPECT_EQ(check_vector({0.0, 0.2}, 2, 0.0, 0.2), Verdict::kAccepted);
  EXPECT_EQ(check_vector({0.0}, 2, 0.0, 0.2), Verdict::kWrongLength);
  EXPECT_EQ(check_vector({0.0, kNan}, 2, 0.0, 0.2), Verdict::kNotFinite);
  EXPECT_EQ(check_vector({0.3, kNan}, 2, 0.0, 0.2), Verdict::kNotFinite);
  EXPECT_EQ(check_vector({0.3, 0.1}, 2, 0.0, 0.2), Verdict::kOutOfRange);
}

TEST(CheckStages, AcceptsTheAnnealingAndRefusesWhatRises) {
  const std::vector<Stage> annealing = {{0, 40.0, 8}, {0, 15.0, 8}, {0, 6.0, 10}, {0, 2.5, 0}};
  EXPECT_EQ(check_stages(annealing, 4, 2.5, 1.0, 80.0), Verdict::kAccepted);
  EXPECT_EQ(check_stages({{3, 40.0, 0}, {0, 2.5, 0}}, 4, 2.5, 1.0, 80.0), Verdict::kAccepted);
  EXPECT_EQ(check_stages({}, 4, 2.5, 1.0, 80.0), Verdict::kBadSchedule);
  EXPECT_EQ(check_stages({{4, 40.0, 0}, {0, 2.5, 0}}, 4, 2.5, 1.0, 80.0), Verdict::kBadSchedule) << "no such level";
  EXPECT_EQ(check_stages({{0, 6.0, 8}, {1, 6.0, 8}, {0, 2.5, 0}}, 4, 2.5, 1.0, 80.0), Verdict::kBadSchedule) << "rises";
  EXPECT_EQ(check_stages({{0, 6.0, 8}, {0, 7.0, 8}, {0, 2.5, 0}}, 4, 2.5, 1.0, 80.0), Verdict::kBadSchedule) << "rises";
  EXPECT_EQ(check_stages({{0, 2.5, 30}}, 4, 2.5, 1.0, 80.0), Verdict::kBadSchedule) << "the end must be unlimited";
  EXPECT_EQ(check_stages({{0, 3.0, 0}}, 4, 2.5, 1.0, 80.0), Verdict::kBadSchedule) << "the end must be the default";
  EXPECT_EQ(check_stages({{0, 90.0, 8}, {0, 2.5, 0}}, 4, 2.5, 1.0, 80.0), Verdict::kOutOfRange);
  EXPECT_EQ(check_stages({{0, kNan, 8}, {0, 2.5, 0}}, 4, 2.5, 1.0, 80.0), Verdict::kNotFinite);
}

TEST(CheckStages, RefusesAScheduleWithoutEnd) {
  std::vector<Stage> stages(kMostStages, {0, 2.5, 1});
  stages.back().iteration_limit = 0;
  EXPECT_EQ(check_stages(stages, 4, 2.5, 1.0, 80.0), Verdict::kAccepted);
  stages.insert(stages.begin(), {0, 2.5, 1});
  EXPECT_EQ(check_stages(stages, 4, 2.5, 1.0, 80.0), Verdict::kBadSchedule);
}

TEST(CheckStructureSigmas, NamesWhatIsWrong) {
  EXPECT_EQ(check_structure_sigmas({{0, 2.0}, {1, 3.0}}, 2, 1.0, 5.0), Verdict::kAccepted);
  EXPECT_EQ(check_structure_sigmas({{2, 2.0}}, 2, 1.0, 5.0), Verdict::kWrongFrame);
  EXPECT_EQ(check_structure_sigmas({{0, 2.0}, {0, 3.0}}, 2, 1.0, 5.0), Verdict::kWrongFrame);
  EXPECT_EQ(check_structure_sigmas({{0, 9.0}}, 2, 1.0, 5.0), Verdict::kOutOfRange);
  EXPECT_EQ(check_structure_sigmas({{0, kNan}}, 2, 1.0, 5.0), Verdict::kNotFinite);
}

TEST(ChooseStart, TakesTheBetterAndPrefersTheDefault) {
  EXPECT_EQ(choose_start(10.0, 9.0), Verdict::kAccepted);
  EXPECT_EQ(choose_start(10.0, 10.0), Verdict::kWorseThanDefault);
  EXPECT_EQ(choose_start(10.0, kNan), Verdict::kNotFinite);
}

TEST(DirectionGate, AsksForSufficientDescent) {
  const std::vector<double> gradient = {1.0, 0.0};
  DirectionGate gate;
  std::vector<double> descent = {-1.0, 0.0};
  EXPECT_EQ(gate.consider(descent, gradient.data(), 2), Verdict::kAccepted);
  std::vector<double> sideways = {-1e-5, 1.0};
  EXPECT_EQ(gate.consider(sideways, gradient.data(), 2), Verdict::kNotDescent);
  std::vector<double> uphill = {1.0, 0.0};
  EXPECT_EQ(gate.consider(uphill, gradient.data(), 2), Verdict::kNotDescent);
  EXPECT_FALSE(gate.is_off());
  std::vector<double> nothing = {0.0, 0.0};
  EXPECT_EQ(gate.consider(nothing, gradient.data(), 2), Verdict::kNotDescent);
  EXPECT_TRUE(gate.is_off());
  EXPECT_EQ(gate.consider(descent, gradient.data(), 2), Verdict::kSwitchedOff);
}

TEST(DirectionGate, ScalesWhatIsTooLong) {
  const std::vector<double> gradient = {1.0, 1.0};
  DirectionGate gate;
  std::vector<double> direction = {-300.0, -400.0};
  EXPECT_EQ(gate.consider(direction, gradient.data(), 2), Verdict::kAccepted);
  EXPECT_NEAR(std::hypot(direction[0], direction[1]), 20.0, 1e-12);
}

TEST(DirectionGate, LimitsTheStepAsWellAsTheDirection) {
  const std::vector<double> gradient = {1.0, 1.0};
  DirectionGate gate;
  DirectionAdvice far{DirectionSpace::kParameters, {-12.0, -16.0}, 1e6};
  EXPECT_EQ(gate.consider(far, gradient.data(), 2), Verdict::kAccepted);
  EXPECT_NEAR(*far.step_length, 1.0, 1e-12);
  EXPECT_EQ(far.direction[0], -12.0) << "short enough as it is";
  DirectionAdvice farther{DirectionSpace::kParameters, {-300.0, -400.0}, 50.0};
  EXPECT_EQ(gate.consider(farther, gradient.data(), 2), Verdict::kAccepted);
  EXPECT_NEAR(*farther.step_length * std::hypot(farther.direction[0], farther.direction[1]), 20.0, 1e-9);
  DirectionAdvice tiny{DirectionSpace::kParameters, {-1e-300, 0.0}, 1e300};
  EXPECT_EQ(gate.consider(tiny, gradient.data(), 1), Verdict::kWrongLength);
  DirectionAdvice near{DirectionSpace::kParameters, {-1.0, -1.0}, 2.0};
  EXPECT_EQ(gate.consider(near, gradient.data(), 2), Verdict::kAccepted);
  EXPECT_EQ(near.step_length, 2.0);
  DirectionAdvice alone{DirectionSpace::kParameters, {-1.0, -1.0}, std::nullopt};
  EXPECT_EQ(gate.consider(alone, gradient.data(), 2), Verdict::kAccepted);
}

TEST(DirectionGate, RefusesAStepThatIsNone) {
  const std::vector<double> gradient = {1.0, 1.0};
  DirectionGate gate;
  for (double bad : {0.0, -1.0, kNan}) {
    DirectionAdvice advice{DirectionSpace::kParameters, {-1.0, -1.0}, bad};
    EXPECT_EQ(gate.consider(advice, gradient.data(), 2), Verdict::kOutOfRange);
  }
  EXPECT_TRUE(gate.is_off()) << "refusals count";
}

TEST(DirectionGate, RefusesWhatOverflows) {
  const std::vector<double> gradient = {1.0, 1.0};
  DirectionGate gate;
  std::vector<double> direction = {-1e200, -1e200};
  EXPECT_EQ(gate.consider(direction, gradient.data(), 2), Verdict::kNotFinite);
}

TEST(DirectionGate, JudgesATrialByArmijoAndCurvature) {
  // f(t) = (t - 1)^2 from t = 0: slope -2, minimum at 1.
  auto f = [](double t) { return (t - 1.0) * (t - 1.0); };
  auto slope = [](double t) { return 2.0 * (t - 1.0); };
  EXPECT_EQ(DirectionGate::judge_trial(f(0), slope(0), f(1), slope(1), 1.0), Verdict::kAccepted);
  EXPECT_EQ(DirectionGate::judge_trial(f(0), slope(0), f(0.01), slope(0.01), 0.01), Verdict::kStepNotAcceptable);
  EXPECT_EQ(DirectionGate::judge_trial(f(0), slope(0), f(2.5), slope(2.5), 2.5), Verdict::kStepNotAcceptable);
  EXPECT_EQ(DirectionGate::judge_trial(f(0), slope(0), kNan, slope(1), 1.0), Verdict::kNotFinite);
}

class StopGateTest : public ::testing::Test {
 protected:
  StopGateTest() { stop_.decision = StopDecision::kStopLevel; }
  StopAdvice stop_;
  StopGate gate_;
};

TEST_F(StopGateTest, RefusesBeforeTheFloor) {
  const auto judgement = gate_.consider(&stop_, 2, 0.0, 1e-3);
  EXPECT_EQ(judgement.action, StopGate::Action::kContinue);
  EXPECT_EQ(judgement.verdict, Verdict::kTooEarly);
}

TEST_F(StopGateTest, StopsAfterThreeIterationsWithoutGain) {
  EXPECT_EQ(gate_.consider(&stop_, 10, 1e-5, 1e-3).action, StopGate::Action::kCheck);
  EXPECT_EQ(gate_.consider(nullptr, 11, 1e-5, 1e-3).action, StopGate::Action::kCheck);
  EXPECT_EQ(gate_.consider(nullptr, 12, 1e-5, 1e-3).action, StopGate::Action::kCheck);
  const auto judgement = gate_.consider(nullptr, 13, 1e-5, 1e-3);
  EXPECT_EQ(judgement.action, StopGate::Action::kStop);
  EXPECT_EQ(judgement.granted, StopDecision::kStopLevel);
  EXPECT_EQ(judgement.verdict, Verdict::kAccepted);
}

TEST_F(StopGateTest, GoesOnWhenACheckStillGains) {
  gate_.consider(&stop_, 10, 1e-5, 1e-3);
  gate_.consider(nullptr, 11, 1e-5, 1e-3);
  const auto judgement = gate_.consider(nullptr, 12, 1e-2, 1e-3);
  EXPECT_EQ(judgement.action, StopGate::Action::kContinue);
  EXPECT_EQ(judgement.verdict, Verdict::kStillImproving);
  EXPECT_EQ(gate_.consider(nullptr, 13, 1e-5, 1e-3).action, StopGate::Action::kContinue) << "the advice is spent";
}

TEST_F(StopGateTest, RefusesADecisionThatDoesNotExist) {
  for (int number : {-1, 0, 4}) {
    stop_.decision = static_cast<StopDecision>(number);
    const auto judgement = gate_.consider(&stop_, 10, 0.0, 1e-3);
    EXPECT_EQ(judgement.action, StopGate::Action::kContinue) << number;
    EXPECT_EQ(judgement.verdict, Verdict::kOutOfRange) << number;
    EXPECT_FALSE(gate_.is_checking());
  }
}

TEST_F(StopGateTest, TakesNanForImprovement) {
  gate_.consider(&stop_, 10, 1e-5, 1e-3);
  EXPECT_EQ(gate_.consider(nullptr, 11, kNan, 1e-3).verdict, Verdict::kStillImproving);
}

}  // namespace
}  // namespace dh_advisor
