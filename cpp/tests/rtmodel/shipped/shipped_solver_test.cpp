// dH's loop as its program runs: what an observer sees of one level tells its order.
#include "shipped/shipped_solver.h"

#include <gtest/gtest.h>

#include <functional>

#include "objective/parameterization.h"
#include "rtmodel/small_plan/small_plan.h"
#include "shipped/beam_terms.h"
#include "shipped/covariance.h"
#include "shipped/objective.h"
#include "shipped/parameters.h"
#include "shipped/voxel_pyramid.h"
#include "solver/conjugate_gradient.h"

namespace rtmodel {
namespace {

using dh_advisor::StopReason;

/// What is known after an iteration; parameters in the problem's order.
struct Seen {
  double objective;
  double step_length;
  Eigen::VectorXd weights;
  Eigen::VectorXd gradient;
  Eigen::VectorXd change;
  Eigen::VectorXd variance_gy2;
};

struct Notes final : StageObserver {
  std::vector<Seen> seen;
  std::vector<StepFate> fates;
  std::function<Decision(const IterationState&)> decide = [](const IterationState&) { return Decision{}; };

  Decision after_iteration(const IterationState& state) override {
    seen.push_back(
        {state.objective, state.step_length, state.weights, state.gradient, state.change, state.variance_gy2});
    return decide(state);
  }
  void on_proposed_step(StepFate fate) override { fates.push_back(fate); }
  bool accepts_trial(double f0, double, double f, double) override { return f < f0; }
};

class ShippedLevel : public ::testing::Test {
 protected:
  StageOutcome run(const StageTask& task, bool limits_to_beamlets = false) {
    ShippedSolver solver(pyramid, limits_to_beamlets);
    weights = solver.admit(objective.level(), Eigen::VectorXd::Constant(objective.size(), 0.03));
    start = weights;
    Evaluator evaluator(objective, counts);
    return solver.minimise(evaluator, &covariance, task, notes, weights);
  }

  Eigen::VectorXd parameters_of(const Eigen::VectorXd& of) const {
    Eigen::VectorXd parameters = of;
    for (Eigen::Index i = 0; i < of.size(); ++i) parameters[i] = of[i] > 0.0 ? shipped_parameter(of[i]) : 0.0;
    return parameters;
  }

  PlanProblem problem = testing::small_plan();
  ShippedPyramid pyramid{problem};
  ShippedObjective objective{pyramid.level(0), problem.structures, pyramid.regions(0)};
  ShippedCovariance covariance;
  CallCounts counts;
  Notes notes;
  Eigen::VectorXd weights;
  Eigen::VectorXd start;
};

TEST_F(ShippedLevel, GradientIsOfTheNewPointAtTheVarianceOfItsDirection) {
  run({6, 0.0});
  ASSERT_EQ(notes.seen.size(), 6U);
  EXPECT_NE(notes.seen[2].variance_gy2, notes.seen[1].variance_gy2) << "changes before the gradient";
  for (const Seen& seen : notes.seen) {
    objective.set_variance(seen.variance_gy2);
    Eigen::VectorXd gradient;
    EXPECT_EQ(objective.value_and_gradient(seen.weights, gradient), seen.objective) << "F is asked for once more";
    EXPECT_EQ(gradient, seen.gradient);
  }
}

TEST_F(ShippedLevel, KeepsWeightsThatAreNearlyNothing) {
  const ShippedSolver solver(pyramid, false);
  Eigen::VectorXd given = Eigen::VectorXd::Constant(objective.size(), 0.03);
  given[2] = 1e-9;
  given[3] = 0.0;
  given[4] = kWeightCeiling;
  const Eigen::VectorXd admitted = solver.admit(objective.level(), given);
  EXPECT_EQ(admitted[2], 1e-9) << "dH's own, and further down than the exact one lets it go";
  EXPECT_EQ(admitted[3], kLowestWeight);
  EXPECT_DOUBLE_EQ(admitted[4], (1.0 - 1e-6) * kWeightCeiling);
  EXPECT_EQ(ConjugateGradient().admit(objective.level(), given)[2], kLowestWeight);
  EXPECT_NEAR(weight_of(shipped_parameter(1e-9)), 1e-9, 1e-20);
}

TEST_F(ShippedLevel, StartsUphillAndSearchesBackwards) {
  Eigen::VectorXd gradient;
  const Eigen::VectorXd before = Eigen::VectorXd::Constant(objective.size(), 0.03);
  run({1, 0.0});
  objective.set_sigma(objective.sigma_gy());
  objective.value_and_gradient(start, gradient);
  const Eigen::VectorXd slope = gradient.cwiseProduct(start.unaryExpr(&weight_slope));
  const Eigen::VectorXd moved = parameters_of(weights) - parameters_of(start);
  EXPECT_NEAR(moved.dot(slope) / moved.norm() / slope.norm(), -1.0, 1e-6) << "against what dH takes for downhill";
}

TEST_F(ShippedLevel, FactorOfPolakRibiereMayBeNegative) {
  run({40, 0.0});
  // The directions, up to their length, by plain Polak-Ribiere from the gradients seen.
  auto uphill = [&](const Seen& seen) {
    return Eigen::VectorXd(seen.gradient.cwiseProduct(seen.weights.unaryExpr(&weight_slope)));
  };
  Eigen::VectorXd gradient;
  objective.set_sigma(objective.sigma_gy());
  objective.value_and_gradient(start, gradient);
  Eigen::VectorXd last = gradient.cwiseProduct(start.unaryExpr(&weight_slope));
  Eigen::VectorXd direction = last;
  int negative = 0;
  for (std::size_t i = 0; i + 1 < notes.seen.size(); ++i) {
    const Eigen::VectorXd next = uphill(notes.seen[i]);
    const double factor = (next.squaredNorm() - last.dot(next)) / last.squaredNorm();
    negative += factor < 0.0 ? 1 : 0;
    direction = factor * direction + next;
    last = next;
    const Eigen::VectorXd moved = parameters_of(notes.seen[i + 1].weights) - parameters_of(notes.seen[i].weights);
    if (notes.seen[i + 1].step_length < 1e-3) continue;
    EXPECT_NEAR(std::abs(moved.dot(direction)) / moved.norm() / direction.norm(), 1.0, 1e-4) << i;
  }
  EXPECT_GT(negative, 0) << "one at least was not cut to 0, and the steps follow it";
}

TEST_F(ShippedLevel, ConvergedIterationHasNoGradient) {
  const StageOutcome outcome = run({500, 0.05});
  EXPECT_EQ(outcome.stop_reason, StopReason::kTolerance);
  EXPECT_TRUE(outcome.is_converged);
  EXPECT_EQ(counts.gradient_calls, outcome.iterations) << "one at the start, none after the last";
  EXPECT_EQ(notes.seen.back().gradient.size(), 0);
  for (std::size_t i = 0; i + 1 < notes.seen.size(); ++i) EXPECT_GT(notes.seen[i].gradient.size(), 0);
}

TEST_F(ShippedLevel, MoreIterationsThanBeamletsAreAFaultAndNothingIsLost) {
  const std::uint32_t n = static_cast<std::uint32_t>(objective.size());
  const StageOutcome outcome = run({500, 0.0});
  EXPECT_EQ(outcome.iterations, n);
  EXPECT_NE(outcome.fault.find("level 0"), std::string::npos) << outcome.fault;
  EXPECT_NE(outcome.fault.find(std::to_string(n) + " iterations"), std::string::npos) << outcome.fault;
  EXPECT_NE(outcome.fault.find("--max-iterations"), std::string::npos) << outcome.fault;
  EXPECT_EQ(weights, notes.seen.back().weights);
  EXPECT_NE(weights, start);
}

TEST_F(ShippedLevel, MoreIterationsThanBeamletsMayBeALimit) {
  const StageOutcome outcome = run({500, 0.0}, true);
  EXPECT_EQ(outcome.iterations, static_cast<std::uint32_t>(objective.size()));
  EXPECT_EQ(outcome.stop_reason, StopReason::kIterationLimit);
  EXPECT_EQ(outcome.fault, "");
}

TEST_F(ShippedLevel, TakesAProposedStepByItsOwnSearchAndStartsAnew) {
  notes.decide = [&](const IterationState& state) {
    StageObserver::Decision decision;
    if (state.iteration == 0) decision.step = ProposedStep{true, -state.gradient, std::nullopt};
    if (state.iteration == 1) decision.step = ProposedStep{true, state.gradient, std::nullopt};
    return decision;
  };
  run({3, 0.0});
  ASSERT_EQ(notes.fates.size(), 2U);
  EXPECT_EQ(notes.fates[0], StepFate::kTaken);
  EXPECT_EQ(notes.fates[1], StepFate::kNotDescent);
  const Eigen::VectorXd slope = notes.seen[1].gradient.cwiseProduct(notes.seen[1].weights.unaryExpr(&weight_slope));
  const Eigen::VectorXd moved = parameters_of(notes.seen[2].weights) - parameters_of(notes.seen[1].weights);
  EXPECT_NEAR(std::abs(moved.dot(slope)) / moved.norm() / slope.norm(), 1.0, 1e-4) << "along the gradient alone";
}

TEST_F(ShippedLevel, TakesATrialOfAProposedLength) {
  notes.decide = [&](const IterationState& state) {
    StageObserver::Decision decision;
    if (state.iteration == 0) decision.step = ProposedStep{true, -1e-4 * state.gradient / state.gradient.norm(), 1.0};
    return decision;
  };
  run({2, 0.0});
  ASSERT_EQ(notes.fates.size(), 1U);
  EXPECT_EQ(notes.fates[0], StepFate::kTaken);
  EXPECT_NEAR(notes.seen[1].change.norm(), 1e-4, 2e-5);
}

}  // namespace
}  // namespace rtmodel
