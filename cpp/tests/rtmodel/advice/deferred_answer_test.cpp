// Answers that the optimizer takes after its next iteration, docs/adr/0026.
#include <gtest/gtest.h>

#include <tuple>

#include "rtmodel/advice/scripted_advice.h"
#include "rtmodel/small_plan/small_plan.h"
#include "run/run.h"

namespace rtmodel {
namespace {

using namespace dh_advisor;
using testing::ScriptedAdvice;

class DeferredAnswer : public ::testing::Test {
 protected:
  PlanProblem problem = testing::small_plan();
  RunOptions options;
  ScriptedAdvice advice;
};

/// Notes how many answers were still on their way after an iteration.
class OpenAnswers final : public ProgressSink {
 public:
  explicit OpenAnswers(const ScriptedAdvice& advice) : advice_(advice) {}
  bool on_iteration(const Progress&) override {
    open.insert(advice_.iterations_asked - advice_.iterations_taken);
    return true;
  }
  std::set<std::size_t> open;

 private:
  const ScriptedAdvice& advice_;
};

/// Stops are advised at every n-th iteration of a stage.
class DeferredStop : public DeferredAnswer,
                     public ::testing::WithParamInterface<std::tuple<SolverKind, std::uint32_t>> {};

TEST_P(DeferredStop, IsGrantedWhereOneThatWasWaitedForIs) {
  const auto [solver, every_n] = GetParam();
  options.solver = solver;
  options.stop_tolerance = 1e-2;
  const auto run_served = [&, every = every_n](bool waits) {
    advice = {};
    advice.iteration = [every](const Iteration& question) {
      IterationAdvice stop;
      if (question.iteration % every == 0) stop.stop = StopAdvice{StopDecision::kStopLevel, "enough", {}, {}};
      return stop;
    };
    // Whoever may answer with a direction is waited for.
    if (!waits) advice.ended.insert(Role::kStepDirection);
    OpenAnswers progress(advice);
    RunResult result = run_plan(problem, options, progress, advice);
    EXPECT_EQ(progress.open, waits ? std::set<std::size_t>{0} : (std::set<std::size_t>{0, 1}));
    EXPECT_EQ(advice.iterations_taken, advice.iterations_asked) << "no answer is left over";
    return result;
  };
  const RunResult waited = run_served(true);
  const auto receipts = advice.receipts;
  const std::size_t asked = advice.iterations_asked;
  const RunResult deferred = run_served(false);

  EXPECT_EQ(advice.iterations_asked, asked);
  EXPECT_EQ(deferred.final_weights, waited.final_weights);
  ASSERT_EQ(deferred.stages.size(), waited.stages.size());
  for (std::size_t i = 0; i < waited.stages.size(); ++i) {
    EXPECT_EQ(deferred.stages[i].counts.iterations, waited.stages[i].counts.iterations);
    EXPECT_EQ(deferred.stages[i].stop_reason, waited.stages[i].stop_reason);
  }
  ASSERT_EQ(advice.receipts.size(), receipts.size());
  for (std::size_t i = 0; i < receipts.size(); ++i) EXPECT_EQ(advice.receipts[i], receipts[i]);
  EXPECT_GT(advice.count(Role::kEarlyStopping, Verdict::kAccepted), 0U);
  EXPECT_GT(advice.count(Role::kEarlyStopping, Verdict::kStillImproving), 0U);
}

INSTANTIATE_TEST_SUITE_P(Runs, DeferredStop,
                         ::testing::Combine(::testing::Values(SolverKind::kDh, SolverKind::kLbfgs),
                                            ::testing::Values(1U, 3U, 4U)));

TEST_F(DeferredAnswer, ADirectionOfARoleThatNobodyServesIsLate) {
  advice.served.erase(Role::kStepDirection);
  advice.iteration = [](const Iteration&) {
    IterationAdvice direction;
    direction.direction = DirectionAdvice{DirectionSpace::kWeights, std::vector<double>(75, 0.0), {}};
    return direction;
  };
  options.max_iterations = 2;
  SilentSink silent;
  run_plan(problem, options, silent, advice);
  EXPECT_EQ(advice.count(Role::kStepDirection, Verdict::kLate), advice.iterations_asked);
}

}  // namespace
}  // namespace rtmodel
