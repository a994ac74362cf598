// Whatever happens to the advisor, a plan that used none of its advice ends in the same bits as one without.
#include <gtest/gtest.h>

#include <limits>

#include "objective/parameterization.h"
#include "rtmodel/advice/advised_plan.h"

namespace rtmodel {
namespace {

using namespace dh_advisor;

class SameBits : public ::testing::TestWithParam<SolverKind>, protected testing::AdvisedPlan {
 protected:
  void SetUp() override {
    options.solver = GetParam();
    options.max_iterations = 25;
    alone = run_plan(problem, options, silent);
  }

  void expect_same(const RunResult& result) {
    EXPECT_EQ(result.final_weights, alone.final_weights);
    EXPECT_EQ(result.objective, alone.objective);
    EXPECT_EQ(result.reference_objective, alone.reference_objective);
    EXPECT_EQ(result.total.iterations, alone.total.iterations);
  }
};

TEST_P(SameBits, WithModeOff) {
  options.advisor = SessionOptions{};
  options.advisor->mode = AdviceMode::kOff;
  expect_same(run_plan(problem, options, silent));
}

TEST_P(SameBits, WithoutAHostAtTheAddress) {
  options.advisor = SessionOptions{};
  options.advisor->address = "127.0.0.1:1";
  options.advisor->connect_deadline = std::chrono::milliseconds(200);
  const RunResult result = run_plan(problem, options, silent);
  expect_same(result);
  EXPECT_TRUE(result.advice.was_asked);
  EXPECT_FALSE(result.advice.status.ok());
  EXPECT_FALSE(result.advice.status.message.empty());
}

TEST_P(SameBits, WithAHostThatSaysNothing) {
  const RunResult result = run_plan(problem, options, silent, advice);
  expect_same(result);
  EXPECT_EQ(advice.iterations_asked, result.total.iterations);
  EXPECT_EQ(advice.level_ends.size(), result.stages.size());
  EXPECT_TRUE(advice.goodbye.has_value());
}

TEST_P(SameBits, WithAHostThatDies) {
  advice.dies_after = 7;
  expect_same(run_plan(problem, options, silent, advice));
  EXPECT_EQ(advice.iterations_asked, 7U);
  EXPECT_FALSE(advice.goodbye.has_value());
}

TEST_P(SameBits, WithNothingButRefusedAdvice) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  advice.geometry = [](const Geometry&) {
    GeometryAdvice bad;
    bad.structure_sigmas = std::vector<StructureSigma>{{0, 1e6}};
    bad.stages = std::vector<Stage>{{0, 5.0, 3}};
    return bad;
  };
  advice.level = [&](const LevelStart& start) {
    LevelAdvice bad;
    // Everything at the ceiling is worse than any default.
    bad.initial_weights = std::vector<double>(start.beamlet_count, kWeightCeiling);
    bad.variance_gy2 = std::vector<double>(start.beamlet_count, 1e9);
    return bad;
  };
  advice.iteration = [&](const Iteration& question) {
    IterationAdvice bad;
    bad.stop = StopAdvice{StopDecision::kStopAll, "too early", {}, {}};
    if (question.iteration >= 4) bad.stop.reset();
    const auto gradient = testing::tensor(question.tensors, TensorKind::kGradient);
    bad.direction = DirectionAdvice{DirectionSpace::kWeights, gradient, 1.0};
    if (question.iteration % 3 == 1) bad.direction->direction[0] = nan;
    bad.variance_gy2 = std::vector<double>(gradient.size(), 1.0);
    return bad;
  };
  const RunResult result = run_plan(problem, options, silent, advice);
  expect_same(result);
  for (const RoleResult& role : result.advice.roles) {
    EXPECT_EQ(role.accepted, 0U) << name_of(role.role);
    EXPECT_GT(role.refused, 0U) << name_of(role.role);
    EXPECT_EQ(role.received, role.refused) << name_of(role.role);
  }
  EXPECT_EQ(result.advice.roles.size(), 6U) << "every role was tried";
  const auto stages = static_cast<std::size_t>(result.stages.size());
  EXPECT_EQ(advice.count(Role::kInitialization, Verdict::kWorseThanDefault), stages);
  EXPECT_EQ(advice.count(Role::kAdaptiveVariance, Verdict::kOutOfRange), stages);
  EXPECT_EQ(advice.count(Role::kPyramidSigma, Verdict::kBadSchedule), 1U);
  EXPECT_EQ(advice.count(Role::kHistogramSigma, Verdict::kOutOfRange), 1U);
  EXPECT_GT(advice.count(Role::kStepDirection, Verdict::kNotDescent), 0U);
  EXPECT_GT(advice.count(Role::kStepDirection, Verdict::kSwitchedOff), 0U) << "off after three refusals";
  EXPECT_GT(advice.count(Role::kEarlyStopping, Verdict::kTooEarly), 0U);
}

TEST_P(SameBits, ForAnyNumberOfThreads) {
  options.threads = 2;
  expect_same(run_plan(problem, options, silent));
}

INSTANTIATE_TEST_SUITE_P(Solvers, SameBits, ::testing::Values(SolverKind::kDh, SolverKind::kLbfgs),
                         [](const auto& solver) { return solver.param == SolverKind::kDh ? "dh" : "lbfgs"; });

}  // namespace
}  // namespace rtmodel
