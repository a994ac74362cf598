// Whole plans of `--fidelity shipped`, with and without advice.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "objective/objective.h"
#include "objective/parameterization.h"
#include "rtmodel/advice/advised_plan.h"

namespace rtmodel {
namespace {

using namespace dh_advisor;

class ShippedPlan : public ::testing::Test, protected testing::AdvisedPlan {
 protected:
  void SetUp() override {
    options.fidelity = Fidelity::kShipped;
    options.limits_to_beamlets = true;
    alone = run_plan(problem, options, silent);
  }

  void expect_same(const RunResult& result) const {
    EXPECT_EQ(result.final_weights, alone.final_weights);
    EXPECT_EQ(result.objective, alone.objective);
    EXPECT_EQ(result.own_objective, alone.own_objective);
    EXPECT_EQ(result.total.iterations, alone.total.iterations);
  }

  /// Where L-BFGS ends on the exact objective: lower than dH's program comes.
  void advise_good_start() {
    RunOptions exact;
    exact.solver = SolverKind::kLbfgs;
    advice.learned = {Role::kInitialization};
    advice.level = [weights = run_plan(problem, exact, silent).final_weights](const LevelStart& start) {
      LevelAdvice good;
      if (start.level == 0) good.initial_weights = weights;
      return good;
    };
  }

  std::string refusal() {
    try {
      run_plan(problem, options, silent);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  }
};

TEST_F(ShippedPlan, EndsAsDhDoesInKind) {
  ASSERT_EQ(alone.stages.size(), 4U);
  EXPECT_EQ(alone.fidelity, Fidelity::kShipped);
  EXPECT_EQ(alone.covariance, CovarianceMode::kFull);
  EXPECT_EQ(alone.fault, "");
  EXPECT_GT(alone.total.iterations, 20U);
  EXPECT_LT(alone.total.iterations, 150U) << "dH alone: 37 to 112";
  const double values = static_cast<double>(alone.total.value_calls) / alone.total.gradient_calls;
  EXPECT_GT(values, 11.0);
  EXPECT_LT(values, 25.0) << "dH alone: about 20 values a gradient";
  EXPECT_LT(alone.stages[2].voxel_count, alone.stages[3].voxel_count);
  EXPECT_LT(alone.voxel_weighted_calls, alone.total.call_equivalents);
  EXPECT_DOUBLE_EQ(alone.total.call_equivalents, alone.total.gradient_calls + alone.total.value_calls / 14.0);
}

TEST_F(ShippedPlan, EndsAreErratic) {
  options.start_fraction = 0.005 * (1.0 + 2e-7);
  const RunResult near = run_plan(problem, options, silent);
  const double change = std::abs(*near.own_objective / *alone.own_objective - 1.0);
  EXPECT_GT(change, 1e-3) << "thousands of times the change of the start";
}

TEST_F(ShippedPlan, IsMeasuredByBothObjectives) {
  Pyramid pyramid(problem);
  Objective reference(pyramid.level(0), problem.structures, 1);
  reference.set_variance_to_minimum();
  const Eigen::Map<const Eigen::VectorXd> weights(alone.final_weights.data(), reference.size());
  EXPECT_EQ(alone.reference_objective, reference.value(weights)) << "F_ref is the exact one's";
  ASSERT_TRUE(alone.own_objective.has_value());
  EXPECT_LT(*alone.own_objective, 0.1 * alone.reference_objective);
  options = {};
  options.max_iterations = 3;
  const RunResult exact = run_plan(problem, options, silent);
  EXPECT_FALSE(exact.own_objective.has_value());
  EXPECT_EQ(exact.fidelity, Fidelity::kExact);
  EXPECT_DOUBLE_EQ(exact.voxel_weighted_calls, exact.total.call_equivalents) << "exact: one set of voxels";
}

TEST_F(ShippedPlan, IsTheSameAgainAndForAnyNumberOfThreads) {
  expect_same(run_plan(problem, options, silent));
  options.threads = 3;
  expect_same(run_plan(problem, options, silent));
}

TEST_F(ShippedPlan, IsTheSameWithoutAHostWithASilentOneAndWithOneThatDies) {
  expect_same(run_plan(problem, options, silent, advice));
  EXPECT_EQ(advice.plan.client, "rtmodel " RTMODEL_VERSION ", shipped dH");
  EXPECT_EQ(advice.plan.solver, SolverKind::kDh);
  EXPECT_DOUBLE_EQ(advice.plan.levels[2].histogram_sigma_gy, 20.0 / 1.3);
  EXPECT_EQ(advice.level_ends.size(), 4U);
  testing::ScriptedAdvice dying;
  dying.dies_after = 5;
  expect_same(run_plan(problem, options, silent, dying));
  options.advisor = SessionOptions{};
  options.advisor->address = "127.0.0.1:1";
  options.advisor->connect_deadline = std::chrono::milliseconds(200);
  expect_same(run_plan(problem, options, silent));
}

TEST_F(ShippedPlan, IsTheSameWhenAllAdviceIsRefused) {
  advice.geometry = [](const Geometry&) {
    GeometryAdvice bad;
    bad.structure_sigmas = std::vector<StructureSigma>{{0, 3.0}};
    return bad;
  };
  advice.level = [&](const LevelStart& start) {
    LevelAdvice bad;
    bad.initial_weights = std::vector<double>(start.beamlet_count, 2.0 * kWeightCeiling);
    bad.variance_gy2 = std::vector<double>(start.beamlet_count, 1e9);
    return bad;
  };
  advice.iteration = [&](const Iteration& question) {
    IterationAdvice bad;
    bad.direction =
        DirectionAdvice{DirectionSpace::kWeights, testing::tensor(question.tensors, TensorKind::kGradient), {}};
    return bad;
  };
  const RunResult result = run();
  expect_same(result);
  for (const RoleResult& role : result.advice.roles) EXPECT_EQ(role.accepted, 0U) << name_of(role.role);
  EXPECT_EQ(advice.count(Role::kHistogramSigma, Verdict::kSwitchedOff), 1U) << "dH has no sigma of a structure";
  EXPECT_GT(advice.count(Role::kStepDirection, Verdict::kNotDescent), 0U) << "along the gradient that was sent";
}

TEST_F(ShippedPlan, SendsWeightsAndGradientOfOnePoint) {
  bool has_moved = false;
  double last = std::numeric_limits<double>::infinity();
  advice.iteration = [&](const Iteration& question) {
    const auto weights = testing::tensor(question.tensors, TensorKind::kWeights);
    const auto gradient = testing::tensor(question.tensors, TensorKind::kGradient);
    EXPECT_EQ(weights.size(), gradient.size());
    has_moved = has_moved || question.objective != last;
    last = question.objective;
    return IterationAdvice{};
  };
  const RunResult result = run();
  EXPECT_TRUE(has_moved);
  std::size_t converged = 0;
  for (const StageResult& stage : result.stages) converged += stage.stop_reason == StopReason::kTolerance ? 1 : 0;
  EXPECT_EQ(advice.iterations_asked + converged, result.total.iterations) << "no question where dH has no gradient";
}

TEST_F(ShippedPlan, TakesAdvice) {
  advise_good_start();
  const RunResult result = run();
  EXPECT_FALSE(result.safeguard.has_value());
  EXPECT_GT(advice.count(Role::kInitialization, Verdict::kAccepted), 0U);
  EXPECT_EQ(result.stages[0].counts.iterations, 0U) << "the start is tried at dH's own F";
  for (const StageResult& stage : result.stages) EXPECT_EQ(stage.level, 0U);
  EXPECT_LT(*result.own_objective, *alone.own_objective);
}

TEST_F(ShippedPlan, IsMadeWithoutTheStartAsWellWhereItIsAskedFor) {
  advise_good_start();
  EXPECT_EQ(run().quality, Quality::kFast) << "the second descent costs what advice saves";
  options.quality = Quality::kBalanced;
  const RunResult result = run();
  EXPECT_EQ(result.quality, Quality::kBalanced);
  ASSERT_TRUE(result.safeguard.has_value());
  EXPECT_EQ(result.safeguard->classical_reference, alone.reference_objective);
  EXPECT_LE(result.reference_objective, alone.reference_objective);
}

TEST_F(ShippedPlan, TakesDirectionsStopsAndVariance) {
  advice.level = [&](const LevelStart& start) {
    LevelAdvice good;
    if (start.level == 1) {
      good.variance_gy2 = std::vector<double>(start.beamlet_count, start.variance_upper_gy2);
    }
    return good;
  };
  advice.iteration = [&](const Iteration& question) {
    IterationAdvice good;
    auto direction = testing::tensor(question.tensors, TensorKind::kGradient);
    for (double& value : direction) value = -value;
    if (question.level == 0) good.direction = DirectionAdvice{DirectionSpace::kWeights, direction, {}};
    return good;
  };
  const RunResult result = run();
  EXPECT_EQ(advice.count(Role::kAdaptiveVariance, Verdict::kAccepted), 1U);
  EXPECT_GT(advice.count(Role::kStepDirection, Verdict::kAccepted), 0U);
  EXPECT_NE(result.final_weights, alone.final_weights);
}

TEST_F(ShippedPlan, GuardEndsThePlanWithAFaultAndItsWeights) {
  options.limits_to_beamlets = false;
  options.stages = {{3, 40.0, 0, 0.0}, {0, 2.5, 0, {}}};
  const RunResult result = run_plan(problem, options, silent);
  ASSERT_EQ(result.stages.size(), 1U);
  EXPECT_EQ(result.stages[0].counts.iterations, result.stages[0].beamlet_count);
  EXPECT_NE(result.fault.find("level 3"), std::string::npos) << result.fault;
  EXPECT_EQ(result.stop_reason, StopReason::kIterationLimit);
  EXPECT_EQ(result.final_weights.size(), static_cast<std::size_t>(problem.influence.cols()));
  EXPECT_GT(result.reference_objective, 0.0);
  options.stages[0].iteration_limit = result.stages[0].beamlet_count;
  EXPECT_EQ(run_plan(problem, options, silent).fault, "") << "what the fault says to do";
}

TEST_F(ShippedPlan, IsJudgedThoughTheGuardEndedIt) {
  options.limits_to_beamlets = false;
  options.quality = Quality::kStrict;
  options.stages = {{3, 40.0, 0, 0.0}, {0, 2.5, 0, {}}};
  advice.iteration = [](const Iteration& question) {
    IterationAdvice good;
    auto direction = testing::tensor(question.tensors, TensorKind::kGradient);
    for (double& value : direction) value = -value;
    if (question.iteration == 0) good.direction = DirectionAdvice{DirectionSpace::kWeights, direction, {}};
    return good;
  };
  const RunResult result = run();
  ASSERT_TRUE(result.safeguard.has_value());
  EXPECT_EQ(result.stages.size(), 2U) << "the coarsest level with the direction, and without";
  EXPECT_NE(result.fault.find("level 3"), std::string::npos) << "of the plan that is kept";
  EXPECT_LE(result.reference_objective, result.safeguard->classical_reference);
}

TEST_F(ShippedPlan, RefusesWhatShippedDhDoesNotHave) {
  const RunOptions shipped = options;
  options.solver = SolverKind::kLbfgs;
  EXPECT_NE(refusal().find("lbfgs"), std::string::npos);
  options = shipped;
  options.covariance = CovarianceMode::kIncremental;
  EXPECT_NE(refusal().find("incremental"), std::string::npos);
  options = shipped;
  options.preparation_iterations = 3;
  EXPECT_NE(refusal().find("prepares no start"), std::string::npos);
  options = shipped;
  options.structure_sigma_gy[0] = 2.0;
  EXPECT_NE(refusal().find("one sigma"), std::string::npos);
  options = {};
  options.limits_to_beamlets = true;
  EXPECT_NE(refusal().find("--fidelity shipped"), std::string::npos);
}

}  // namespace
}  // namespace rtmodel
