#include "run/preparation.h"

#include <gtest/gtest.h>

#include "objective/objective.h"
#include "rtmodel/small_plan/small_plan.h"
#include "run/schedule.h"

namespace rtmodel {
namespace {

class Preparing : public ::testing::Test {
 protected:
  Preparation prepare(std::uint32_t iterations, Measure measure = {0.0, 1.0}) {
    return prepare_start(start, {iterations, measure}, {}, objective, calls);
  }

  double dose_error(const Eigen::VectorXd& weights) {
    objective.set_measure({0.0, 1.0});
    const double value = objective.value(weights);
    objective.set_measure({});
    return value;
  }

  PlanProblem problem = testing::small_plan({5, 21});
  Pyramid pyramid{problem};
  Objective objective{pyramid.level(0), problem.structures, 1};
  Eigen::VectorXd start = [this] {
    Eigen::VectorXd flat = flat_start(pyramid.level(0), problem);
    for (int i = 0; i < flat.size(); ++i) flat[i] *= problem.is_excluded[static_cast<std::size_t>(i)] ? 0.0 : 1.0;
    return flat;
  }();
  CallCounts calls;
};

TEST_F(Preparing, TakesDoseErrorOutAndLeavesTheObjectiveAsItWas) {
  const double before = objective.value(start);
  const Preparation preparation = prepare(15);
  EXPECT_LT(dose_error(preparation.weights), 0.5 * dose_error(start));
  EXPECT_EQ(objective.value(start), before);
  EXPECT_GE(preparation.weights.minCoeff(), 0.0);
  EXPECT_LE(preparation.weights.maxCoeff(), 0.2);
  for (int i = 0; i < start.size(); ++i) {
    if (!problem.is_excluded[static_cast<std::size_t>(i)]) continue;
    EXPECT_EQ(preparation.weights[i], 0.0);
  }
}

TEST_F(Preparing, GoesOnFromFewerIterationsToMore) {
  EXPECT_LT(dose_error(prepare(15).weights), dose_error(prepare(4).weights));
  EXPECT_LT(dose_error(prepare(4).weights), dose_error(start));
}

TEST_F(Preparing, ChargesEveryCall) {
  prepare(6);
  EXPECT_GE(calls.gradient_calls, 7U) << "the start and an evaluation an iteration";
  EXPECT_LE(calls.gradient_calls, 14U);
  EXPECT_EQ(calls.value_calls, 0U);
}

TEST_F(Preparing, KeepsPositiveCurvatureOfEveryIteration) {
  const Preparation preparation = prepare(6);
  ASSERT_EQ(preparation.pairs.size(), 6U);
  Eigen::VectorXd at = start;
  for (const auto& [step, gradient_change] : preparation.pairs) {
    EXPECT_GE(step.dot(gradient_change), 0.0) << "the dose error is convex";
    at += step;
  }
  EXPECT_LT((at - preparation.weights).norm(), 1e-12) << "the steps lead from the start to the weights";
}

TEST_F(Preparing, OnBothMeasuresTradesOneForTheOther) {
  const Eigen::VectorXd on_dose_error = prepare(15).weights;
  const Eigen::VectorXd on_both = prepare(15, {1.0, 0.3}).weights;
  EXPECT_LT(objective.value(on_both), objective.value(on_dose_error));
  EXPECT_GT(dose_error(on_both), dose_error(on_dose_error));
  EXPECT_LT(objective.value(on_both) + 0.3 * dose_error(on_both), objective.value(start) + 0.3 * dose_error(start));
}

TEST_F(Preparing, WithoutIterationsIsFree) {
  const Preparation preparation = prepare(0);
  EXPECT_EQ(preparation.weights, start);
  EXPECT_TRUE(preparation.pairs.empty());
  EXPECT_EQ(calls.gradient_calls, 0U);
}

}  // namespace
}  // namespace rtmodel
