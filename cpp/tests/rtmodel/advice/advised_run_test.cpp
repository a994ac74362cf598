#include <gtest/gtest.h>

#include <cmath>

#include "objective/parameterization.h"
#include "pyramid/pyramid.h"
#include "rtmodel/advice/advised_plan.h"

namespace rtmodel {
namespace {

using namespace dh_advisor;

class AdvisedRun : public ::testing::Test, protected testing::AdvisedPlan {};

GeometryAdvice annealed(const Geometry&) {
  GeometryAdvice geometry;
  geometry.stages = std::vector<Stage>{{0, 40.0, 4}, {0, 10.0, 5}, {0, 2.5, 0}};
  return geometry;
}

LevelAdvice at_minimum(const LevelStart& start) {
  LevelAdvice level;
  level.variance_gy2 = std::vector<double>(start.beamlet_count, start.variance_lower_gy2);
  return level;
}

TEST_F(AdvisedRun, IntroducesThePlan) {
  options.max_iterations = 1;
  options.patient_key = "p";
  run();
  EXPECT_EQ(advice.plan.plan_key, "small");
  EXPECT_EQ(advice.plan.patient_key, "p");
  EXPECT_EQ(advice.plan.levels.size(), 4U);
  EXPECT_EQ(advice.plan.levels[0].beamlet_count, 75U);
  EXPECT_EQ(advice.plan.levels[3].histogram_sigma_gy, 40.0);
  EXPECT_EQ(advice.plan.levels[0].tolerance, 1e-6);
  EXPECT_EQ(advice.plan.structures.size(), 3U);
  EXPECT_EQ(advice.plan.accepts.size(), 6U);
}

TEST_F(AdvisedRun, RunsTheAdvisedStagesInsteadOfThePyramid) {
  advice.geometry = annealed;
  options.max_iterations = 20;
  const RunResult result = run();
  ASSERT_EQ(result.stages.size(), 3U);
  EXPECT_EQ(result.stages[0].histogram_sigma_gy, 40.0);
  EXPECT_EQ(result.stages[0].counts.iterations, 4U);
  EXPECT_EQ(result.stages[1].counts.iterations, 5U);
  EXPECT_EQ(result.stages[0].stop_reason, StopReason::kIterationLimit);
  EXPECT_EQ(advice.level_starts[0].variance_lower_gy2, 400.0);
  EXPECT_EQ(advice.level_starts[2].stage, 2U);
}

TEST_F(AdvisedRun, UsesTheSigmasOfStructures) {
  advice.geometry = [](const Geometry&) {
    GeometryAdvice geometry;
    geometry.structure_sigmas = std::vector<StructureSigma>{{0, 1.5}};
    return geometry;
  };
  options.max_iterations = 3;
  const RunResult advised = run();
  EXPECT_EQ(advice.count(Role::kHistogramSigma, Verdict::kAccepted), 1U);
  const RunResult alone = run_plan(problem, options, silent);
  EXPECT_NE(advised.final_weights, alone.final_weights);
  options.structure_sigma_gy = {{0, 1.5}};
  EXPECT_EQ(run_plan(problem, options, silent).final_weights, advised.final_weights) << "the same as through the API";
}

TEST_F(AdvisedRun, TakesABetterStartAndChargesBoth) {
  advice.served = {Role::kInitialization};
  advice.level = [&](const LevelStart& start) {
    LevelAdvice level;
    if (start.stage == 0) level.initial_weights = std::vector<double>(start.beamlet_count, 0.05);
    return level;
  };
  options.max_iterations = 1;
  options.stages = {{0, 2.5, 1, {}}};
  options.solver = SolverKind::kDh;
  const RunResult advised = run();
  EXPECT_EQ(advice.count(Role::kInitialization, Verdict::kAccepted), 1U);
  options.initial_weights.assign(75, 0.05);
  const RunResult given = run_plan(problem, options, silent);
  EXPECT_EQ(advised.final_weights, given.final_weights);
  EXPECT_EQ(advised.total.gradient_calls, given.total.gradient_calls + 1) << "the default start was evaluated, too";
}

TEST_F(AdvisedRun, AGoodLearnedStartNeedsNoWideHistograms) {
  advice.served = advice.learned = {Role::kInitialization};
  options.solver = SolverKind::kLbfgs;
  options.quality = Quality::kFast;
  options.preparation_iterations = 0;
  options.stages = {{0, 30.0, 6, {}}, {0, 10.0, 10, {}}, {0, 5.0, 10, {}}, {0, 2.5, 0, {}}};
  const RunResult alone = run_plan(problem, options, silent);
  advice.level = [&](const LevelStart& start) {
    LevelAdvice level;
    if (start.stage == 0) level.initial_weights = alone.final_weights;
    return level;
  };
  const RunResult advised = run();
  ASSERT_EQ(advised.stages.size(), 2U);
  EXPECT_EQ(advised.stages[0].counts.iterations, 0U) << "the trial of the start";
  EXPECT_EQ(advised.stages[0].counts.call_equivalents, 1.0) << "two values, of the flat start and of the learned one";
  EXPECT_EQ(advised.stages[1].histogram_sigma_gy, 2.5);
  EXPECT_FALSE(advised.safeguard) << "none was wanted";
  options.initial_weights = alone.final_weights;
  options.stages = {{0, 2.5, 0, {}}};
  EXPECT_EQ(advised.final_weights, run_plan(problem, options, silent).final_weights) << "the same as a given start";
  EXPECT_EQ(advice.count(Role::kInitialization, Verdict::kAccepted), 1U);
  EXPECT_EQ(advised.total.value_calls, 2U);
}

TEST_F(AdvisedRun, ALearnedStartIsPreparedAndAPlanStaysOne) {
  advice.served = advice.learned = {Role::kInitialization};
  options.solver = SolverKind::kLbfgs;
  options.quality = Quality::kFast;
  const RunResult alone = run_plan(problem, options, silent);
  std::vector<double> learned = alone.final_weights;
  advice.level = [&](const LevelStart& start) {
    LevelAdvice level;
    if (start.stage == 0) level.initial_weights = learned;
    return level;
  };
  const RunResult from_plan = run();
  EXPECT_EQ(from_plan.stages[0].preparation_iterations, 10U);
  EXPECT_LT(from_plan.trace[0].reference_objective, 1.1 * alone.reference_objective) << "F has its say";
  EXPECT_LE(from_plan.reference_objective, alone.reference_objective);

  RunOptions rough = options;
  rough.preparation_iterations = 0;
  rough.max_iterations = 6;
  rough.stages = {{0, 30.0, 6, {}}, {0, 10.0, 6, {}}, {0, 5.0, 6, {}}, {0, 2.5, 6, {}}};
  learned = run_plan(problem, rough, silent).final_weights;
  const RunResult prepared = run();
  options.preparation_iterations = 0;
  const RunResult bare = run();
  EXPECT_EQ(bare.stages[0].preparation_iterations, 0U);
  EXPECT_NE(prepared.final_weights, bare.final_weights);
  EXPECT_GT(prepared.stages[0].counts.call_equivalents, bare.stages[0].counts.call_equivalents + 4.0) << "charged";
}

class RefusedStart : public AdvisedRun, public ::testing::WithParamInterface<SolverKind> {};

TEST_P(RefusedStart, OfAModelLeavesTheScheduleAndEveryBit) {
  advice.served = advice.learned = {Role::kInitialization};
  options.solver = GetParam();
  options.max_iterations = 20;
  const RunResult alone = run_plan(problem, options, silent);
  advice.level = [&](const LevelStart& start) {
    LevelAdvice level;
    // Better than nothing, but not good enough to do without the schedule.
    if (start.stage == 0) level.initial_weights = std::vector<double>(start.beamlet_count, 0.01);
    return level;
  };
  const RunResult advised = run();
  EXPECT_EQ(advised.final_weights, alone.final_weights);
  ASSERT_EQ(advised.stages.size(), alone.stages.size() + 1);
  EXPECT_EQ(advised.stages[0].counts.iterations, 0U);
  EXPECT_EQ(advice.count(Role::kInitialization, Verdict::kWorseThanDefault), 1U);
  EXPECT_EQ(advice.level_ends[0].iterations, 0U);
  EXPECT_EQ(advice.level_starts[1].stage, 1U);
  EXPECT_GT(advised.total.call_equivalents, alone.total.call_equivalents) << "the trial was charged";
}

INSTANTIATE_TEST_SUITE_P(Solvers, RefusedStart, ::testing::Values(SolverKind::kDh, SolverKind::kLbfgs));

TEST_F(AdvisedRun, AClassicalStartIsMeantForTheFirstStage) {
  advice.served = {Role::kInitialization};
  options.max_iterations = 2;
  EXPECT_EQ(run().stages.size(), 4U);
  EXPECT_EQ(advice.level_starts[0].level, 3U);
}

TEST_F(AdvisedRun, VarianceOnceAcceptedStaysAndNeedsNoGramSchmidt) {
  advice.geometry = annealed;
  advice.level = at_minimum;
  options.max_iterations = 30;
  const RunResult result = run();
  EXPECT_EQ(advice.count(Role::kAdaptiveVariance, Verdict::kAccepted), 3U);
  EXPECT_EQ(result.total.covariance_ms, 0.0);
  EXPECT_EQ(result.objective, result.reference_objective) << "at level 0 with every variance at its minimum";
}

TEST_F(AdvisedRun, StopsOnlyWhenItsOwnIterationsGainNoMoreAndThenEnds) {
  advice.level = at_minimum;
  advice.iteration = [](const Iteration& question) {
    IterationAdvice stop;
    if (question.level == 0) stop.stop = StopAdvice{StopDecision::kStopLevel, "enough", {}, {}};
    return stop;
  };
  options.stop_tolerance = 1e-2;
  const RunResult result = run();
  EXPECT_EQ(advice.count(Role::kEarlyStopping, Verdict::kAccepted), 1U);
  EXPECT_GT(advice.count(Role::kEarlyStopping, Verdict::kStillImproving), 0U);
  ASSERT_EQ(result.stages.size(), 4U) << "what goes on to the shipped tolerance undoes what a stop saves";
  EXPECT_EQ(result.stages[3].stop_reason, StopReason::kAdvice);
  EXPECT_EQ(advice.level_ends.size(), 4U);
}

TEST_F(AdvisedRun, AStopOfThePlanLeavesOnlyItsLastStageWithoutAdvice) {
  advice.iteration = [](const Iteration& question) {
    IterationAdvice stop;
    if (question.level == 3) stop.stop = StopAdvice{StopDecision::kStopAll, "enough", {}, {}};
    return stop;
  };
  options.stop_tolerance = 0.5;
  const RunResult polished = run();
  ASSERT_EQ(polished.stages.size(), 2U);
  EXPECT_EQ(polished.stages[1].level, 0U);
  const std::size_t asked = advice.iterations_asked;
  EXPECT_EQ(asked, polished.stages[0].counts.iterations) << "nothing is asked in the last, classical phase";
  options.polish = false;
  const RunResult bare = run();
  EXPECT_EQ(bare.stages.size(), 1U);
  EXPECT_EQ(bare.final_weights.size(), 75U);
}

TEST_F(AdvisedRun, ANewtonLikeDirectionSavesCalls) {
  advice.geometry = annealed;
  advice.level = [](const LevelStart& start) {
    LevelAdvice level = at_minimum(start);
    if (start.stage == 0) level.initial_weights = std::vector<double>(start.beamlet_count, 0.05);
    return level;
  };
  advice.iteration = [](const Iteration& question) {
    IterationAdvice step;
    auto direction = testing::tensor(question.tensors, TensorKind::kGradient);
    for (double& d : direction) d *= -2e-6;
    step.direction = DirectionAdvice{DirectionSpace::kWeights, direction, 1.0};
    return step;
  };
  options.max_iterations = 30;
  const RunResult advised = run();
  EXPECT_GT(advice.count(Role::kStepDirection, Verdict::kAccepted), 20U);
  ASSERT_EQ(advised.stages.size(), 4U);
  EXPECT_LT(advised.total.value_calls - advised.stages[3].counts.value_calls, 200U)
      << "only the first iteration of a stage searches a line of its own";
  EXPECT_TRUE(advised.stages[3].is_polish) << "the limit was reached on steps that were not the solver's own";
  EXPECT_EQ(advice.level_ends.size(), 3U) << "a polish is the optimizer's own affair";
  options.polish = false;
  EXPECT_EQ(run().stages.size(), 3U);
}

TEST_F(AdvisedRun, SaysGoodbyeWithTheResult) {
  options.max_iterations = 2;
  options.figures = [](const std::vector<double>& weights) {
    return PlanFigures{{{0, "weights", static_cast<double>(weights.size()), "1"}}, {}, {}};
  };
  const RunResult result = run();
  ASSERT_TRUE(advice.goodbye.has_value());
  EXPECT_EQ(advice.goodbye->final_weights, result.final_weights);
  EXPECT_EQ(advice.goodbye->reference_objective, result.reference_objective);
  EXPECT_EQ(advice.goodbye->metrics.at(0).value, 75.0);
}

TEST_F(AdvisedRun, SendsOnlyWhatIsWanted) {
  options.max_iterations = 2;
  advice.wanted = {TensorKind::kColumnNorm, TensorKind::kStructureMeanDose};
  std::size_t iteration_tensors = 0;
  std::vector<double> mean_dose;
  advice.geometry = [&](const Geometry& question) {
    mean_dose = testing::tensor(question.tensors, TensorKind::kStructureMeanDose);
    EXPECT_TRUE(testing::tensor(question.tensors, TensorKind::kStructureMaxDose).empty());
    return GeometryAdvice{};
  };
  advice.iteration = [&](const Iteration& question) {
    iteration_tensors += question.tensors.size();
    EXPECT_GT(question.gradient_norm, 0.0);
    return IterationAdvice{};
  };
  advice.wanted.insert(TensorKind::kGradient);
  run();
  EXPECT_GT(iteration_tensors, 0U);
  ASSERT_EQ(mean_dose.size(), 75U * 3U);
  double target_dose_gy = 0.0;
  for (std::size_t beamlet = 0; beamlet < 75; ++beamlet) target_dose_gy += 0.05 * mean_dose[3 * beamlet];
  EXPECT_NEAR(target_dose_gy, 60.0, 1e-3) << "the small plan's scale";
}

}  // namespace
}  // namespace rtmodel
