#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "objective/objective.h"
#include "objective/parameterization.h"
#include "rtmodel/small_plan/small_plan.h"
#include "solver/bounded_lbfgs.h"
#include "solver/conjugate_gradient.h"

namespace rtmodel {
namespace {

using dh_advisor::StopReason;
using testing::small_plan;

/// Notes what a solver does; may stop it and propose steps.
struct Notes final : StageObserver {
  std::vector<double> objectives;
  std::vector<StepFate> fates;
  int trials = 0;
  bool accepts = true;
  std::function<Decision(const IterationState&)> decide = [](const IterationState&) { return Decision{}; };

  Decision after_iteration(const IterationState& state) override {
    objectives.push_back(state.objective);
    return decide(state);
  }
  void on_proposed_step(StepFate fate) override { fates.push_back(fate); }
  bool accepts_trial(double f0, double, double f, double) override {
    ++trials;
    return accepts && f < f0;
  }
};

class EverySolver : public ::testing::TestWithParam<const char*> {
 protected:
  std::unique_ptr<StageSolver> solver() const {
    if (std::string(GetParam()) == "dh") return std::make_unique<ConjugateGradient>();
    return std::make_unique<BoundedLbfgs>();
  }

  StageOutcome run(StageSolver& one, const StageTask& task) {
    objective.set_variance_to_minimum();
    Evaluator evaluator(objective, counts);
    weights = one.admit(objective.level(), Eigen::VectorXd::Constant(objective.size(), 0.03));
    start_value = objective.value(weights);
    return one.minimise(evaluator, nullptr, task, notes, weights);
  }

  PlanProblem problem = small_plan();
  Pyramid pyramid{problem};
  Objective objective{pyramid.level(0), problem.structures, 1};
  CallCounts counts;
  Notes notes;
  Eigen::VectorXd weights;
  double start_value = 0.0;
  unsigned before = 0;
  unsigned after = 0;
};

TEST_P(EverySolver, DescendsToItsToleranceInsideTheBounds) {
  const auto one = solver();
  const StageOutcome outcome = run(*one, {500, 1e-4});
  EXPECT_EQ(outcome.stop_reason, StopReason::kTolerance);
  EXPECT_TRUE(outcome.is_converged);
  EXPECT_LT(outcome.objective, 0.2 * start_value);
  EXPECT_EQ(outcome.iterations, notes.objectives.size());
  for (std::size_t i = 1; i < notes.objectives.size(); ++i) EXPECT_LE(notes.objectives[i], notes.objectives[i - 1]);
  EXPECT_GE(weights.minCoeff(), 0.0);
  EXPECT_LE(weights.maxCoeff(), kWeightCeiling);
  EXPECT_EQ(outcome.objective, objective.value(weights));
}

TEST_P(EverySolver, StopsAtItsLimitAndWhenTold) {
  const auto one = solver();
  EXPECT_EQ(run(*one, {3, 0.0}).stop_reason, StopReason::kIterationLimit);
  EXPECT_EQ(notes.objectives.size(), 3U);
  notes.decide = [](const IterationState& state) {
    StageObserver::Decision decision;
    if (state.iteration == 1) decision.stop = StopReason::kAdvice;
    return decision;
  };
  const StageOutcome told = run(*solver(), {500, 0.0});
  EXPECT_EQ(told.stop_reason, StopReason::kAdvice);
  EXPECT_EQ(told.iterations, 2U);
  EXPECT_FALSE(told.is_converged);
}

TEST_P(EverySolver, TakesAGoodProposedStepForOneGradientCall) {
  notes.decide = [this](const IterationState& state) {
    StageObserver::Decision decision;
    if (state.iteration == 0) {
      before = counts.gradient_calls;
      decision.step = ProposedStep{true, -1e-6 * state.gradient, 1.0};
    } else {
      after = counts.gradient_calls;
    }
    return decision;
  };
  const StageOutcome outcome = run(*solver(), {2, 0.0});
  EXPECT_EQ(outcome.iterations, 2U);
  ASSERT_EQ(notes.fates.size(), 1U);
  EXPECT_EQ(notes.fates[0], StepFate::kTaken);
  EXPECT_EQ(after - before, 1U);
}

TEST_P(EverySolver, SearchesAlongARefusedTrial) {
  notes.accepts = false;
  notes.decide = [](const IterationState& state) {
    StageObserver::Decision decision;
    decision.step = ProposedStep{true, -1e-6 * state.gradient, 1.0};
    return decision;
  };
  run(*solver(), {4, 0.0});
  ASSERT_EQ(notes.fates.size(), 3U);
  EXPECT_EQ(notes.trials, 3);
  for (StepFate fate : notes.fates) EXPECT_EQ(fate, StepFate::kTaken);
}

TEST_P(EverySolver, GoesOnAsItsOwnAfterAnUphillStepAndWithTheSameBits) {
  run(*solver(), {6, 0.0});
  const Eigen::VectorXd alone = weights;
  notes.decide = [](const IterationState& state) {
    StageObserver::Decision decision;
    decision.step = ProposedStep{true, state.gradient, 1.0};
    return decision;
  };
  run(*solver(), {6, 0.0});
  EXPECT_EQ(notes.fates, std::vector<StepFate>(5, StepFate::kNotDescent));
  EXPECT_EQ(weights, alone);
}

TEST_P(EverySolver, NeverEndsOnAProposedStep) {
  notes.decide = [](const IterationState& state) {
    StageObserver::Decision decision;
    // Too short to change F by more than the tolerance.
    if (state.iteration < 10) decision.step = ProposedStep{true, -1e-14 * state.gradient, 1.0};
    return decision;
  };
  const StageOutcome outcome = run(*solver(), {500, 1e-4});
  EXPECT_GT(outcome.iterations, 11U);
  EXPECT_TRUE(outcome.is_converged);
}

TEST_P(EverySolver, TakesStepsInParameters) {
  notes.decide = [](const IterationState& state) {
    StageObserver::Decision decision;
    const Eigen::VectorXd slope = state.gradient.cwiseProduct(state.weights.unaryExpr(&weight_slope));
    if (state.iteration == 0) decision.step = ProposedStep{false, -0.01 / slope.norm() * slope, 1.0};
    return decision;
  };
  run(*solver(), {2, 0.0});
  EXPECT_EQ(notes.fates, std::vector<StepFate>{StepFate::kTaken});
}

INSTANTIATE_TEST_SUITE_P(Solvers, EverySolver, ::testing::Values("dh", "lbfgs"));

TEST(BoundedLbfgs, GivenPairsShapeTheFirstStep) {
  const PlanProblem problem = small_plan();
  Pyramid pyramid(problem);
  auto first_objective = [&](bool gives_pair) {
    Objective objective(pyramid.level(0), problem.structures, 1);
    objective.set_variance_to_minimum();
    CallCounts counts;
    Evaluator evaluator(objective, counts);
    BoundedLbfgs solver;
    Eigen::VectorXd weights = solver.admit(objective.level(), Eigen::VectorXd::Constant(objective.size(), 0.03));
    if (gives_pair) {
      Eigen::VectorXd gradient;
      Eigen::VectorXd further;
      objective.value_and_gradient(weights, gradient);
      const Eigen::VectorXd step = -1e-6 * gradient;
      objective.value_and_gradient(solver.admit(objective.level(), weights + step), further);
      solver.add_pair(step, further - gradient);
    }
    Notes notes;
    return solver.minimise(evaluator, nullptr, {1, 0.0}, notes, weights).objective;
  };
  EXPECT_NE(first_objective(true), first_objective(false));
}

TEST(ScaledMemory, KeepsOnlyPairsOfPositiveCurvature) {
  ScaledMemory memory(2, 5);
  EXPECT_TRUE(memory.add_pair(Eigen::Vector2d(1.0, 0.0), Eigen::Vector2d(2.0, 0.0)));
  EXPECT_FALSE(memory.add_pair(Eigen::Vector2d(1.0, 0.0), Eigen::Vector2d(-2.0, 0.0)));
  EXPECT_EQ(memory.matrix().num_corrections(), 1);
  memory.clear();
  EXPECT_TRUE(memory.is_empty());
}

}  // namespace
}  // namespace rtmodel
