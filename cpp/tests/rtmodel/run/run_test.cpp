#include "run/run.h"

#include <gtest/gtest.h>

#include <cmath>

#include "objective/objective.h"
#include "rtmodel/small_plan/small_plan.h"
#include "run/schedule.h"

namespace rtmodel {
namespace {

using dh_advisor::SolverKind;
using dh_advisor::StopReason;
using testing::small_plan;

class RunPlan : public ::testing::Test {
 protected:
  RunResult run() { return run_plan(problem, options, silent); }

  std::string refusal() {
    try {
      run();
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  }

  PlanProblem problem = small_plan();
  RunOptions options;
  SilentSink silent;
};

TEST_F(RunPlan, DhGoesThroughTheLevelsWithItsTolerances) {
  const RunResult result = run();
  ASSERT_EQ(result.stages.size(), 4U);
  for (std::uint32_t i = 0; i < 4; ++i) EXPECT_EQ(result.stages[i].level, 3 - i);
  EXPECT_EQ(result.stages[3].beamlet_count, 75U);
  EXPECT_EQ(result.stages[3].stop_reason, StopReason::kTolerance);
  EXPECT_GT(result.total.iterations, 30U);
  const double values_an_iteration = static_cast<double>(result.total.value_calls) / result.total.iterations;
  EXPECT_GT(values_an_iteration, 8.0);
  EXPECT_LT(values_an_iteration, 25.0);
}

TEST_F(RunPlan, LbfgsNeedsManyTimesFewerCallsForNoWorsePlan) {
  const RunResult dh = run();
  options.solver = SolverKind::kLbfgs;
  const RunResult lbfgs = run();
  EXPECT_LT(lbfgs.reference_objective, 1.05 * dh.reference_objective);
  EXPECT_LT(5.0 * lbfgs.total.call_equivalents, dh.total.call_equivalents);
}

TEST_F(RunPlan, LbfgsPreparesItsStartAndDhDoesNot) {
  EXPECT_EQ(run().stages[0].preparation_iterations, 0U);
  options.solver = SolverKind::kLbfgs;
  const RunResult own = run();
  ASSERT_EQ(own.stages.size(), 1U);
  EXPECT_EQ(own.stages[0].preparation_iterations, 15U);
  EXPECT_EQ(own.total.iterations, own.trace.size()) << "iterations on F alone";
  EXPECT_GT(own.trace[0].call_equivalents, 16.0) << "and the preparation is charged";
  options.initial_weights = own.final_weights;
  const RunResult given = run();
  EXPECT_EQ(given.stages[0].preparation_iterations, 10U);
  EXPECT_LT(given.trace[0].objective, 1.1 * own.objective) << "of a given start F has its say";
  options.preparation_iterations = 0;
  const RunResult bare = run();
  EXPECT_EQ(bare.stages[0].preparation_iterations, 0U);
  EXPECT_LT(bare.trace[0].call_equivalents, 8.0);
}

TEST_F(RunPlan, LbfgsScalesByTheStructuresAndDhByNothing) {
  options.max_iterations = 20;
  for (SolverKind solver : {SolverKind::kDh, SolverKind::kLbfgs}) {
    options.solver = solver;
    options.lbfgs.structure_share = 0.5;
    const RunResult half = run();
    options.lbfgs.structure_share = 0.0;
    EXPECT_EQ(half.final_weights == run().final_weights, solver == SolverKind::kDh);
  }
}

TEST(Schedule, LargePlansHaveLongerUntilTheSafeguard) {
  RunOptions options;
  EXPECT_EQ(safeguard_iterations(options, 1000), 100U);
  EXPECT_EQ(safeguard_iterations(options, 1001), 300U);
  options.safeguard_iterations = 7;
  EXPECT_EQ(safeguard_iterations(options, 1001), 7U);
}

TEST_F(RunPlan, CountsAddUp) {
  for (SolverKind solver : {SolverKind::kDh, SolverKind::kLbfgs}) {
    options.solver = solver;
    const RunResult result = run();
    RunCounts sum;
    for (const StageResult& stage : result.stages) {
      sum.iterations += stage.counts.iterations;
      sum.value_calls += stage.counts.value_calls;
      sum.gradient_calls += stage.counts.gradient_calls;
      sum.call_equivalents += stage.counts.call_equivalents;
    }
    EXPECT_EQ(sum.iterations, result.total.iterations);
    EXPECT_EQ(sum.value_calls, result.total.value_calls);
    EXPECT_EQ(sum.gradient_calls, result.total.gradient_calls);
    EXPECT_DOUBLE_EQ(sum.call_equivalents, result.total.call_equivalents);
    EXPECT_DOUBLE_EQ(result.total.call_equivalents, result.total.gradient_calls + 0.5 * result.total.value_calls);
    EXPECT_EQ(result.trace.size(), result.total.iterations);
    EXPECT_GT(result.total.objective_ms, 0.0);
    EXPECT_EQ(result.total.covariance_ms > 0.0, solver == SolverKind::kDh);
    EXPECT_LE(result.total.objective_ms + result.total.covariance_ms, result.total.total_ms);
  }
}

TEST_F(RunPlan, ReferenceIsTheFinestLevelAtMinimumVariance) {
  const RunResult result = run();
  Pyramid pyramid(problem);
  Objective objective(pyramid.level(0), problem.structures, 1);
  objective.set_variance_to_minimum();
  const Eigen::VectorXd weights = Eigen::Map<const Eigen::VectorXd>(result.final_weights.data(), 75);
  EXPECT_EQ(result.reference_objective, objective.value(weights));
}

TEST_F(RunPlan, TracingTheReferenceChangesNoBitAndNoCount) {
  options.max_iterations = 10;
  const RunResult bare = run();
  options.trace_reference = true;
  const RunResult traced = run();
  EXPECT_EQ(traced.final_weights, bare.final_weights);
  EXPECT_EQ(traced.total.value_calls, bare.total.value_calls);
  EXPECT_EQ(traced.total.gradient_calls, bare.total.gradient_calls);
  for (const TracePoint& point : traced.trace) ASSERT_TRUE(point.reference_objective.has_value());
  EXPECT_EQ(*traced.trace.back().reference_objective, traced.reference_objective);
}

TEST_F(RunPlan, ExcludedBeamletsEndAtExactlyZero) {
  problem = small_plan({5, 21});
  for (SolverKind solver : {SolverKind::kDh, SolverKind::kLbfgs}) {
    options.solver = solver;
    options.max_iterations = 5;
    const RunResult result = run();
    for (std::size_t i = 0; i < problem.is_excluded.size(); ++i) {
      if (problem.is_excluded[i]) {
        ASSERT_EQ(result.final_weights[i], 0.0);
      }
    }
  }
}

TEST_F(RunPlan, EveryCovarianceRuns) {
  options.max_iterations = 8;
  for (CovarianceMode mode : {CovarianceMode::kFull, CovarianceMode::kIncremental, CovarianceMode::kFixed}) {
    options.covariance = mode;
    EXPECT_LT(run().reference_objective, 50.0) << name_of(mode);
  }
  options.covariance = CovarianceMode::kPredicted;
  const RunResult predicted = run();
  EXPECT_EQ(predicted.objective, predicted.reference_objective) << "without a prediction the level's minimum";
  options.predicted_variance_gy2[0] = std::vector<double>(75, 9.0);
  EXPECT_NE(run().objective, predicted.objective);
}

TEST_F(RunPlan, StartsAtAFractionOfTheCeilingOnEveryLevel) {
  struct FirstSeen final : ProgressSink {
    double objective = 0.0;
    std::uint32_t level = 0;
    bool on_iteration(const Progress& progress) override {
      if (objective == 0.0) {
        objective = progress.objective;
        level = progress.level;
      }
      return true;
    }
  };
  FirstSeen own, low, half;
  run_plan(problem, options, own);
  options.start_fraction = 0.005;
  run_plan(problem, options, low);
  EXPECT_EQ(low.objective, own.objective) << "dH's own start is 0.5 % of the ceiling";
  options.start_fraction = 0.5;
  run_plan(problem, options, half);
  EXPECT_NE(half.objective, own.objective);
  EXPECT_EQ(half.level, 3U) << "a common start keeps the whole schedule";
}

TEST_F(RunPlan, PlansInThreeDimensions) {
  problem = small_plan({5, 11, 4, 4});
  options.max_iterations = 15;
  EXPECT_EQ(run().final_weights.size(), 220U);
}

TEST_F(RunPlan, CancelsWhenToldKeepingWhatWasReached) {
  struct Impatient final : ProgressSink {
    int calls = 0;
    bool on_iteration(const Progress& progress) override {
      EXPECT_GT(progress.beamlet_count, 0U);
      EXPECT_TRUE(std::isfinite(progress.weights[0]) && std::isfinite(progress.gradient[0]));
      return ++calls < 3;
    }
  } impatient;
  const RunResult result = run_plan(problem, options, impatient);
  EXPECT_EQ(impatient.calls, 3);
  EXPECT_EQ(result.stop_reason, StopReason::kCancelled);
  EXPECT_EQ(result.stages.size(), 1U);
  EXPECT_EQ(result.final_weights.size(), 75U) << "carried down from the coarsest level";
}

TEST_F(RunPlan, SaysSoWhenItWasCancelledAtTheIterationThatConverged) {
  struct AtTheEndOfAStage final : ProgressSink {
    std::uint32_t last = 0;
    bool on_iteration(const Progress& progress) override { return progress.stage > 0 || progress.iteration < last; }
  } sink;
  options.stages = {{0, 10.0, 500, 1e-2}, {0, 2.5, 500, 1e-2}};
  SilentSink silent;
  const RunResult whole = run_plan(problem, options, silent);
  ASSERT_EQ(whole.stages[0].stop_reason, StopReason::kTolerance);
  sink.last = whole.stages[0].counts.iterations - 1;
  const RunResult cut = run_plan(problem, options, sink);
  ASSERT_EQ(cut.stages.size(), 1U);
  EXPECT_EQ(cut.stages[0].counts.iterations, whole.stages[0].counts.iterations);
  EXPECT_EQ(cut.stop_reason, StopReason::kCancelled);
}

TEST_F(RunPlan, NamesWhatIsWrongWithTheOptions) {
  options.initial_weights.assign(3, 0.1);
  EXPECT_NE(refusal().find("initial_weights has length 3"), std::string::npos) << refusal();
  options.initial_weights.assign(75, 0.3);
  EXPECT_NE(refusal().find("initial weight 0"), std::string::npos) << refusal();
  options.initial_weights.clear();
  options.start_fraction = 1.0;
  EXPECT_NE(refusal().find("start_fraction"), std::string::npos) << refusal();
  options.start_fraction.reset();
  options.stages = {{1, 6.5, 0, {}}};
  EXPECT_NE(refusal().find("last stage must be at level 0"), std::string::npos) << refusal();
  options.stages = {{0, 6.5, 0, {}}, {1, 6.5, 0, {}}};
  EXPECT_NE(refusal().find("coarser"), std::string::npos) << refusal();
  options.stages = {{0, -1.0, 0, {}}};
  EXPECT_NE(refusal().find("sigma"), std::string::npos) << refusal();
  options.stages.clear();
  options.max_iterations = 0;
  EXPECT_NE(refusal().find("max_iterations"), std::string::npos) << refusal();
  options.max_iterations = 5;
  options.structure_sigma_gy[9] = 2.0;
  EXPECT_NE(refusal().find("structure 9 of 3"), std::string::npos) << refusal();
  options.structure_sigma_gy.clear();
  options.predicted_variance_gy2[0] = {1.0};
  EXPECT_NE(refusal().find("predicted_variance_gy2 of level 0"), std::string::npos) << refusal();
}

TEST_F(RunPlan, NamesAProblemWithoutGoals) {
  for (auto& structure : problem.structures) structure.description.objective_weight = 0.0;
  EXPECT_NE(refusal().find("objective weight"), std::string::npos) << refusal();
}

}  // namespace
}  // namespace rtmodel
