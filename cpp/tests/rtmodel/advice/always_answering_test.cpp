#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "rtmodel/advice/advised_plan.h"

namespace rtmodel {
namespace {

using namespace dh_advisor;

/// Advisors that answer every question there is, whatever was asked, on both solvers.
class AlwaysAnswering : public ::testing::TestWithParam<SolverKind>, protected testing::AdvisedPlan {
 protected:
  AlwaysAnswering() {
    options.solver = GetParam();
    options.max_iterations = 40;
    alone = run_plan(problem, options, silent);
  }

  /// A start of the level that was asked for, near that of `alone` or anywhere.
  static std::vector<double> start(const LevelStart& question, unsigned seed) {
    std::mt19937 random(seed + question.level);
    std::uniform_real_distribution<double> weight(0.0, 0.2);
    std::vector<double> weights(question.beamlet_count);
    for (double& w : weights) w = weight(random);
    return weights;
  }

  /// The plan of `alone` but for a bit of noise, at level 0: good enough to be taken at any stage.
  std::vector<double> good_start(double noise, unsigned seed) const {
    std::mt19937 random(seed);
    std::normal_distribution<double> factor(0.0, noise);
    std::vector<double> weights = alone.final_weights;
    for (double& w : weights) w = std::min(0.19, w * std::exp(factor(random)));
    return weights;
  }

  void answer_starts_always(double noise, unsigned seed) {
    advice.served.insert(Role::kInitialization);
    const std::vector<double> good = good_start(noise, seed);
    advice.level = [good, seed](const LevelStart& question) {
      LevelAdvice answer;
      answer.initial_weights = question.beamlet_count == good.size() ? good : start(question, seed);
      return answer;
    };
  }
};

TEST_P(AlwaysAnswering, NoStartAtAnyStageMakesABalancedPlanWorse) {
  options.quality = Quality::kBalanced;
  advice.served.clear();
  for (const bool has_model : {true, false}) {
    advice.learned.clear();
    if (has_model) advice.learned = {Role::kInitialization};
    for (const double noise : {0.05, 0.3, 1.0}) {
      answer_starts_always(noise, 7);
      const RunResult result = run();
      EXPECT_LE(result.reference_objective, alone.reference_objective) << "noise " << noise << " model " << has_model;
      if (!result.safeguard || !result.safeguard->is_taken) continue;
      EXPECT_EQ(result.final_weights, alone.final_weights) << "bit for bit the plan without a start";
    }
  }
}

TEST_P(AlwaysAnswering, AStartRefusedAtItsTrialLeavesThePlanAsItIs) {
  // Bad at the trial, good at every stage after it: none of these may be taken any more.
  advice.served = advice.learned = {Role::kInitialization};
  const std::vector<double> good = good_start(0.3, 3);
  advice.level = [good](const LevelStart& question) {
    LevelAdvice answer;
    if (question.stage > 0 && question.beamlet_count == good.size()) answer.initial_weights = good;
    if (question.stage == 0) answer.initial_weights = std::vector<double>(question.beamlet_count, 0.2);
    return answer;
  };
  const RunResult result = run();
  EXPECT_EQ(result.final_weights, alone.final_weights);
  EXPECT_GE(advice.count(Role::kInitialization, Verdict::kSwitchedOff), 1U);
  EXPECT_FALSE(result.safeguard);
}

TEST_P(AlwaysAnswering, NoAdviceOfAnyRoleMakesAStrictPlanWorse) {
  options.quality = Quality::kStrict;
  options.figures = [](const std::vector<double>&) { return PlanFigures{}; };
  advice.served.insert(Role::kInitialization);
  advice.geometry = [](const Geometry&) {
    GeometryAdvice answer;
    answer.stages = std::vector<Stage>{{0, 12.0, 5}, {0, 2.5, 0}};
    answer.structure_sigmas = std::vector<StructureSigma>{{0, 9.0}};
    return answer;
  };
  advice.iteration = [](const Iteration& question) {
    IterationAdvice answer;
    answer.stop.emplace();
    answer.stop->decision = StopDecision::kStopAll;
    const std::vector<double> gradient = testing::tensor(question.tensors, TensorKind::kGradient);
    if (gradient.empty()) return answer;
    answer.direction.emplace();
    answer.direction->space = DirectionSpace::kWeights;
    for (const double slope : gradient) answer.direction->direction.push_back(-slope);
    return answer;
  };
  for (const bool has_model : {true, false}) {
    advice.learned.clear();
    if (has_model) advice.learned = {Role::kInitialization};
    for (const double tolerance : {1e-4, 1.0}) {
      options.stop_tolerance = tolerance;
      answer_starts_always(0.3, 11);
      const RunResult result = run();
      ASSERT_TRUE(result.safeguard) << "advice was taken";
      EXPECT_EQ(result.safeguard->classical_reference, alone.reference_objective) << "the very plan without advice";
      EXPECT_LE(result.reference_objective, alone.reference_objective);
      ASSERT_TRUE(result.unadvised) << "for the reports";
      EXPECT_EQ(result.unadvised->final_weights, alone.final_weights);
      EXPECT_EQ(result.unadvised->reference_objective, alone.reference_objective);
      EXPECT_EQ(result.unadvised->call_equivalents, alone.total.call_equivalents);
      ASSERT_TRUE(advice.goodbye && advice.goodbye->unadvised);
      EXPECT_EQ(advice.goodbye->unadvised->reference_objective, alone.reference_objective);
      if (!result.safeguard->is_taken) continue;
      EXPECT_EQ(result.final_weights, alone.final_weights);
    }
  }
}

TEST_P(AlwaysAnswering, AStrictPlanThatTookNoAdviceIsMadeOnce) {
  options.quality = Quality::kStrict;
  advice.level = [](const LevelStart& question) {
    LevelAdvice answer;
    answer.initial_weights = std::vector<double>(question.beamlet_count, std::numeric_limits<double>::quiet_NaN());
    return answer;
  };
  const RunResult result = run();
  EXPECT_EQ(result.final_weights, alone.final_weights);
  EXPECT_FALSE(result.safeguard);
  EXPECT_FALSE(result.unadvised) << "the plan is it";
  EXPECT_EQ(result.total.iterations, alone.total.iterations);
}

TEST_P(AlwaysAnswering, APlanThatLosesItsAdvisorMidwayIsJudgedWhateverItsQuality) {
  for (const Quality quality : {Quality::kFast, Quality::kBalanced}) {
    options.quality = quality;
    answer_starts_always(0.02, 5);
    // Served for what comes after the start, or nothing would be asked that could be lost.
    advice.served.insert(Role::kEarlyStopping);
    advice.dies_after = advice.iterations_asked + 5;
    const RunResult result = run();
    ASSERT_GE(advice.count(Role::kInitialization, Verdict::kAccepted), 1U);
    ASSERT_TRUE(result.safeguard) << name_of(quality);
    EXPECT_EQ(result.safeguard->classical_reference, alone.reference_objective);
    EXPECT_LE(result.reference_objective, alone.reference_objective);
  }
}

TEST_P(AlwaysAnswering, APlanWhoseAdviceIsSwitchedOffMidwayIsJudgedAsWell) {
  options.quality = Quality::kFast;
  answer_starts_always(0.02, 5);
  advice.served.insert(Role::kEarlyStopping);
  advice.switched_off_after = 5;
  const RunResult result = run();
  ASSERT_TRUE(result.safeguard);
  EXPECT_EQ(result.safeguard->reason, SafeguardReason::kLost);
  EXPECT_LE(result.reference_objective, alone.reference_objective);
}

TEST_P(AlwaysAnswering, AFastPlanThatKeepsItsAdvisorIsMadeOnce) {
  options.quality = Quality::kFast;
  answer_starts_always(0.3, 5);
  EXPECT_FALSE(run().safeguard);
}

TEST_P(AlwaysAnswering, ACancelledPlanIsNotMadeAgain) {
  struct Soon final : ProgressSink {
    bool on_iteration(const Progress& progress) override { return progress.iteration < 3; }
  } sink;
  options.quality = Quality::kStrict;
  answer_starts_always(0.3, 5);
  const RunResult result = run_plan(problem, options, sink, advice);
  EXPECT_EQ(result.stop_reason, StopReason::kCancelled);
  EXPECT_FALSE(result.safeguard);
}

INSTANTIATE_TEST_SUITE_P(Solvers, AlwaysAnswering, ::testing::Values(SolverKind::kDh, SolverKind::kLbfgs),
                         [](const auto& info) { return info.param == SolverKind::kDh ? "Dh" : "Lbfgs"; });

}  // namespace
}  // namespace rtmodel
