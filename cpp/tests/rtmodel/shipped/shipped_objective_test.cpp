// What dH's program computes as F and as its gradient, and how far that is from the exact ones.
#include <gtest/gtest.h>

#include <cmath>

#include "objective/objective.h"
#include "objective/parameterization.h"
#include "rtmodel/small_plan/small_plan.h"
#include "shipped/objective.h"
#include "shipped/voxel_pyramid.h"

namespace rtmodel {
namespace {

class ShippedF : public ::testing::Test {
 protected:
  ShippedObjective objective_at(std::uint32_t level) {
    return {pyramid.level(level), problem.structures, pyramid.regions(level)};
  }

  /// Uneven weights of about the prescription.
  static Eigen::VectorXd some_weights(int n) {
    Eigen::VectorXd weights(n);
    for (int i = 0; i < n; ++i) weights[i] = 0.05 + 0.03 * std::sin(1.7 * i);
    return weights;
  }

  /// Cosine between the gradient and central differences of the value, over beamlets that count.
  static double cosine(ShippedObjective& objective) {
    Eigen::VectorXd weights = some_weights(objective.size());
    const auto& is_excluded = objective.level().is_excluded;
    for (int i = 0; i < objective.size(); ++i) {
      if (is_excluded[static_cast<std::size_t>(i)]) weights[i] = 0.0;
    }
    Eigen::VectorXd gradient;
    objective.value_and_gradient(weights, gradient);
    Eigen::VectorXd differences = Eigen::VectorXd::Zero(weights.size());
    constexpr double kStep = 1e-4;
    for (int i = 0; i < weights.size(); ++i) {
      if (is_excluded[static_cast<std::size_t>(i)]) continue;
      Eigen::VectorXd moved = weights;
      moved[i] += kStep;
      differences[i] = objective.value(moved);
      moved[i] -= 2.0 * kStep;
      differences[i] -= objective.value(moved);
    }
    return gradient.dot(differences) / gradient.norm() / differences.norm();
  }

  PlanProblem problem = testing::small_plan();
  ShippedPyramid pyramid{problem};
};

TEST_F(ShippedF, GradientPointsUphillButIsNotThatOfTheValue) {
  for (std::uint32_t level = 0; level < kLevelCount; ++level) {
    ShippedObjective objective = objective_at(level);
    const double own = cosine(objective);
    EXPECT_GT(own, 0.5) << level;
    EXPECT_LT(own, 0.9999) << level << ": kernels mixed by beamlet, factors twice";
    RecordProperty("cosine_" + std::to_string(level), std::to_string(own));
  }
}

TEST_F(ShippedF, ValueAndGradientOfTheFinestLevelMixTheirKernelsDifferently) {
  // Weights of half the ceiling: by the optimizer's bounds all is smoothed by the wide kernel at the upper bound and by
  // the narrow one at the lower; by the histograms' bounds the gradient takes the wide kernel whatever the variance.
  ShippedObjective objective = objective_at(0);
  Eigen::VectorXd weights = Eigen::VectorXd::Constant(objective.size(), 0.5 * kWeightCeiling);
  Eigen::VectorXd upper, between;
  objective.value_and_gradient(weights, upper);
  const double at_upper = objective.value(weights);
  // One beamlet alone, with little dose: the histogram stays, and what its own gradient is mixed of could change.
  Eigen::VectorXd variance = Eigen::VectorXd::Constant(objective.size(), objective.bounds().upper_gy2);
  variance[3] = objective.bounds().lower_gy2;
  objective.set_variance(variance);
  objective.value_and_gradient(weights, between);
  EXPECT_NE(objective.value(weights), at_upper) << "the value feels its variance";
  EXPECT_NEAR(between[3] / upper[3], 1.0, 0.1) << "its gradient is of the wide kernel all the same";
}

TEST_F(ShippedF, LeastVarianceBlursAtTheFinestLevel) {
  // A target that has what it should have, sharply. Its narrow kernel of 10 Gy is wider than the wide one of 3 Gy.
  for (PlannedStructure& structure : problem.structures) {
    if (structure.description.role != dh_advisor::StructureRole::kTarget) structure.description.objective_weight = 0.0;
    structure.description.prescription = {{110.0, 1.0}, {130.0, 0.0}};
  }
  const Eigen::VectorXd weights = Eigen::VectorXd::Constant(pyramid.beamlet_count(0), 0.5 * kWeightCeiling);
  ShippedObjective objective = objective_at(0);
  Objective exact(pyramid.level(0), problem.structures, 1);
  auto change = [&](LevelObjective& of) {
    const double upper = of.value(weights);
    of.set_variance_to_minimum();
    return of.value(weights) / upper;
  };
  EXPECT_GT(change(exact), 1.0) << "exact: the minimum sharpens, and shows what is uneven";
  EXPECT_LT(change(objective), 1.0) << "shipped: the minimum blurs it";
  EXPECT_EQ(objective.measuring_variance_gy2(), objective.bounds().upper_gy2);
}

TEST_F(ShippedF, HasAHundredthOfTheExactSize) {
  ShippedObjective objective = objective_at(0);
  Objective exact(pyramid.level(0), problem.structures, 1);
  const Eigen::VectorXd weights = some_weights(objective.size());
  const double ratio = objective.value(weights) / exact.value(weights);
  EXPECT_GT(ratio, 0.003);
  EXPECT_LT(ratio, 0.03);
}

TEST_F(ShippedF, LevelsHaveTheSigmasOfDhsDivisors) {
  const double sigmas[] = {2.5, 6.25, 20.0 / 1.3, 40.0};
  for (std::uint32_t level = 0; level < kLevelCount; ++level) {
    const ShippedObjective objective = objective_at(level);
    EXPECT_DOUBLE_EQ(objective.sigma_gy(), sigmas[level]);
    EXPECT_DOUBLE_EQ(objective.bounds().lower_gy2, 0.25 * sigmas[level] * sigmas[level]);
    EXPECT_DOUBLE_EQ(objective.bounds().upper_gy2, 1.5 * sigmas[level] * sigmas[level]);
  }
}

TEST_F(ShippedF, RefusesWhatDhDoesNotHave) {
  ShippedObjective objective = objective_at(0);
  EXPECT_THROW(objective.set_sigma(2.5, {{0, 1.0}}), std::invalid_argument);
  EXPECT_THROW(objective.set_measure({0.0, 1.0}), std::invalid_argument);
  EXPECT_THROW(objective.set_sigma(0.0), std::invalid_argument);
  for (PlannedStructure& structure : problem.structures) structure.description.objective_weight = 1e-6;
  EXPECT_THROW(objective_at(0), std::invalid_argument);
}

}  // namespace
}  // namespace rtmodel
