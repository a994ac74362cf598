#include <gtest/gtest.h>

#include <algorithm>

#include "rtmodel/advice/advised_plan.h"

namespace rtmodel {
namespace {

using namespace dh_advisor;

/// A start that passes its trial, from the weights of a descent that was not let far.
class Safeguard : public ::testing::Test, protected testing::AdvisedPlan {
 protected:
  Safeguard() {
    advice.served = advice.learned = {Role::kInitialization};
    options.solver = SolverKind::kLbfgs;
    options.trace_reference = true;
    options.safeguard_iterations = options.max_iterations;
    alone = run_plan(problem, options, silent);
    advice.level = [this](const LevelStart& start) {
      LevelAdvice level;
      if (start.stage == 0) level.initial_weights = learned;
      return level;
    };
  }

  std::vector<double> learned;
};

TEST_F(Safeguard, LeavesTheBetterPlanOfALearnedStart) {
  learned = alone.final_weights;
  const RunResult result = run();
  ASSERT_TRUE(result.safeguard);
  EXPECT_FALSE(result.safeguard->is_taken);
  EXPECT_FALSE(result.safeguard->is_given_up);
  EXPECT_EQ(result.safeguard->first_stage, 2U) << "after the trial and one stage";
  EXPECT_LE(result.safeguard->learned_reference, alone.reference_objective);
  EXPECT_EQ(result.reference_objective, result.safeguard->learned_reference);
  EXPECT_EQ(result.objective, result.reference_objective);
  EXPECT_EQ(result.stages.size(), 3U);
  options.quality = Quality::kFast;
  EXPECT_EQ(result.final_weights, run().final_weights);
  // What stands never gets worse, whatever the safeguard goes through.
  const auto& trace = result.trace;
  for (std::size_t i = 1; i < trace.size(); ++i) {
    if (trace[i].stage < 2) continue;
    EXPECT_LE(*trace[i].reference_objective, result.safeguard->learned_reference);
  }
}

TEST_F(Safeguard, MakesTheVeryDescentWithoutTheStart) {
  learned = alone.final_weights;
  const RunResult result = run();
  ASSERT_TRUE(result.safeguard);
  EXPECT_EQ(result.safeguard->classical_reference, alone.reference_objective);
  EXPECT_EQ(result.stages.back().counts.iterations, alone.stages.back().counts.iterations);
  EXPECT_LE(result.reference_objective, alone.reference_objective) << "never worse than without";
}

TEST_F(Safeguard, TakesThePlanThatTheLearnedStartWouldHaveCost) {
  // From the middle of its own descent, prepared anew, it ends in another valley.
  options.max_iterations = 10;
  learned = run_plan(problem, options, silent).final_weights;
  options.max_iterations = options.safeguard_iterations.value();
  options.quality = Quality::kFast;
  const double without = run().reference_objective;
  options.quality.reset();
  const RunResult result = run();
  ASSERT_TRUE(result.safeguard);
  EXPECT_EQ(result.safeguard->learned_reference, without);
  EXPECT_EQ(result.reference_objective,
            std::min(result.safeguard->learned_reference, result.safeguard->classical_reference));
  EXPECT_TRUE(result.safeguard->is_taken);
}

TEST_F(Safeguard, GoesOnWhereTheLearnedDescentWasInterrupted) {
  options.max_iterations = 35;
  learned = run_plan(problem, options, silent).final_weights;
  options.max_iterations = 500;
  options.quality = Quality::kFast;
  const RunResult uninterrupted = run();
  options.quality.reset();
  options.safeguard_iterations = 8;
  const RunResult result = run();
  ASSERT_TRUE(result.safeguard);
  ASSERT_FALSE(result.safeguard->is_taken);
  EXPECT_FALSE(result.safeguard->is_given_up);
  ASSERT_EQ(result.stages.size(), 4U) << "trial, start of the one, the other, rest of the one";
  EXPECT_EQ(result.stages[2].counts.iterations, alone.stages.back().counts.iterations);
  EXPECT_EQ(result.stages[1].counts.iterations, 8U);
  EXPECT_EQ(result.stages[1].stop_reason, StopReason::kSafeguard);
  EXPECT_EQ(result.stages[3].preparation_iterations, 0U);
  // With its memory of the curvature it goes the same way, but for the last bits of scaling to and fro. Where the way
  // ends, those bits decide: the landscape is rough.
  for (std::size_t i = 0; i < 5; ++i) {
    const auto& rest = result.trace.at(8 + alone.trace.size() + i);
    const auto& way = uninterrupted.trace.at(8 + i);
    EXPECT_EQ(rest.stage, 3U);
    EXPECT_NEAR(rest.objective, way.objective, 1e-6 * way.objective) << i << " iterations on";
  }
}

TEST_F(Safeguard, GivesUpTheLearnedDescentUnlessItLeads) {
  // Near the start of the other descent: soon no better than that.
  options.max_iterations = 1;
  learned = run_plan(problem, options, silent).final_weights;
  options.max_iterations = 500;
  options.safeguard_iterations = 100;
  const RunResult result = run();
  ASSERT_TRUE(result.safeguard);
  ASSERT_TRUE(result.safeguard->is_taken);
  EXPECT_TRUE(result.safeguard->is_given_up);
  EXPECT_EQ(result.stages[1].counts.iterations, 100U) << "of the learned start's descent";
  EXPECT_EQ(result.final_weights, alone.final_weights) << "bit for bit the plan without a learned start";
}

TEST_F(Safeguard, InterruptsNoDescentShorterThanItself) {
  learned = alone.final_weights;
  options.max_iterations = 20;
  options.safeguard_iterations = 20;
  const RunResult result = run();
  ASSERT_TRUE(result.safeguard);
  EXPECT_FALSE(result.safeguard->is_given_up);
  EXPECT_EQ(result.stages.size(), 3U);
}

TEST_F(Safeguard, CostsNothingToTrace) {
  // Whether F_ref is traced or not, the same is charged and decided; here F is not F_ref.
  learned = alone.final_weights;
  options.structure_sigma_gy = {{0, 4.0}};
  options.safeguard_iterations = 6;
  const RunResult traced = run();
  options.trace_reference = false;
  const RunResult untraced = run();
  ASSERT_TRUE(traced.safeguard);
  EXPECT_EQ(traced.final_weights, untraced.final_weights);
  EXPECT_EQ(traced.total.call_equivalents, untraced.total.call_equivalents);
}

TEST_F(Safeguard, KeepsTheOtherPlanWhenTheLearnedDescentGoesOnAndEndsBehind) {
  // Cut short in its rest, it ends above the descent that went to its end.
  struct UntilTheRest final : ProgressSink {
    bool on_iteration(const Progress& progress) override { return progress.stage < 3; }
  } sink;
  options.max_iterations = 1;
  learned = run_plan(problem, options, silent).final_weights;
  options.max_iterations = 500;
  options.safeguard_iterations = 30;
  options.safeguard_lead = -10.0;  // it goes on however far it is behind
  const RunResult result = run_plan(problem, options, sink, advice);
  ASSERT_TRUE(result.safeguard);
  ASSERT_EQ(result.stages.size(), 4U);
  EXPECT_FALSE(result.safeguard->is_given_up);
  ASSERT_GT(result.safeguard->learned_reference, result.safeguard->classical_reference);
  EXPECT_TRUE(result.safeguard->is_taken);
  EXPECT_EQ(result.final_weights, alone.final_weights);
  EXPECT_EQ(result.objective, alone.objective);
  EXPECT_EQ(result.stop_reason, StopReason::kCancelled);
}

TEST_F(Safeguard, IsMadeAfterAGrantedStopOfThePlan) {
  options.max_iterations = 15;
  learned = run_plan(problem, options, silent).final_weights;
  options.max_iterations = 500;
  advice.served.insert(Role::kEarlyStopping);
  advice.iteration = [](const Iteration& question) {
    IterationAdvice answer;
    if (question.iteration >= 10) {
      answer.stop.emplace();
      answer.stop->decision = StopDecision::kStopAll;
    }
    return answer;
  };
  options.stop_tolerance = 1.0;
  const RunResult result = run();
  ASSERT_GE(advice.count(Role::kEarlyStopping, Verdict::kAccepted), 1U);
  // A stop ends the descent it was granted in, or it would take the start's safeguard along.
  ASSERT_TRUE(result.safeguard);
}

TEST_F(Safeguard, CancelledKeepsTheBetterPlanAndSaysSo) {
  struct InTheSafeguard final : ProgressSink {
    bool on_iteration(const Progress& progress) override { return progress.stage < 2; }
  } sink;
  learned = alone.final_weights;
  const RunResult result = run_plan(problem, options, sink, advice);
  ASSERT_TRUE(result.safeguard);
  EXPECT_FALSE(result.safeguard->is_taken);
  EXPECT_EQ(result.reference_objective, result.safeguard->learned_reference);
  EXPECT_EQ(result.stop_reason, StopReason::kCancelled);
  EXPECT_EQ(result.stages.size(), 3U);
}

TEST_F(Safeguard, CancelledBetweenTheDescentsGoesOnWithNone) {
  struct InTheSecondDescent final : ProgressSink {
    bool on_iteration(const Progress& progress) override { return progress.stage < 2 || progress.iteration < 2; }
  } sink;
  learned = alone.final_weights;
  options.safeguard_iterations = 8;
  const RunResult result = run_plan(problem, options, sink, advice);
  ASSERT_TRUE(result.safeguard);
  EXPECT_FALSE(result.safeguard->is_taken);
  EXPECT_EQ(result.stages.size(), 3U);
  EXPECT_EQ(result.stop_reason, StopReason::kCancelled);
  EXPECT_EQ(result.reference_objective, result.safeguard->learned_reference);
}

TEST_F(Safeguard, SaysThatAdviceEndedAPlanWhoseLearnedDescentWasInterrupted) {
  learned = alone.final_weights;
  options.safeguard_iterations = 4;
  options.max_iterations = 100;
  options.stop_tolerance = 1.0;
  options.polish = false;
  advice.served.insert(Role::kEarlyStopping);
  advice.iteration = [](const Iteration& question) {
    IterationAdvice answer;
    if (question.stage == 2 && question.iteration >= 2) {
      answer.stop.emplace();
      answer.stop->decision = StopDecision::kStopAll;
    }
    return answer;
  };
  const RunResult result = run();
  ASSERT_TRUE(result.safeguard);
  EXPECT_TRUE(result.safeguard->is_given_up);
  EXPECT_FALSE(result.safeguard->is_taken);
  EXPECT_EQ(result.stop_reason, StopReason::kAdvice);
}

TEST_F(Safeguard, IsNotForDh) {
  learned = alone.final_weights;
  options.solver = SolverKind::kDh;
  options.max_iterations = 5;
  EXPECT_FALSE(run().safeguard);
}

}  // namespace
}  // namespace rtmodel
