#include "objective/objective.h"

#include <gtest/gtest.h>

#include <random>

#include "objective/parameterization.h"
#include "rtmodel/small_plan/small_plan.h"

namespace rtmodel {
namespace {

using testing::small_plan;

Eigen::VectorXd wavy_weights(const Level& level, double mean) {
  Eigen::VectorXd weights(level.beamlet_count());
  for (int i = 0; i < weights.size(); ++i) {
    weights[i] = level.is_excluded[static_cast<std::size_t>(i)] ? 0.0 : mean * (1.0 + 0.5 * std::sin(1.7 * i));
  }
  return weights;
}

/// Largest error of the gradient along single beamlets, relative to its largest entry.
double gradient_error(Objective& objective, const Eigen::VectorXd& weights) {
  Eigen::VectorXd gradient;
  objective.value_and_gradient(weights, gradient);
  objective.hold_shares(true);
  double worst = 0.0;
  for (int i = 0; i < weights.size(); ++i) {
    if (objective.level().is_excluded[static_cast<std::size_t>(i)]) continue;
    // F is piecewise smooth: its second derivative jumps where a voxel's dose crosses a bin, so the step stays small.
    const double step = 1e-8;
    Eigen::VectorXd high = weights;
    Eigen::VectorXd low = weights;
    high[i] += step;
    low[i] -= step;
    const double difference = (objective.value(high) - objective.value(low)) / (2.0 * step);
    worst = std::max(worst, std::abs(difference - gradient[i]));
  }
  objective.hold_shares(false);
  return worst / gradient.cwiseAbs().maxCoeff();
}

class GradientAtLevel : public ::testing::TestWithParam<std::tuple<int, int>> {};

TEST_P(GradientAtLevel, AgreesWithCentralDifferencesWithSharesHeld) {
  const auto [level_index, rows] = GetParam();
  const PlanProblem problem = small_plan({5, 15, rows, rows == 1 ? 1 : 4});
  Pyramid pyramid(problem);
  Objective objective(pyramid.level(static_cast<std::uint32_t>(level_index)), problem.structures, 1);
  const Eigen::VectorXd weights = wavy_weights(objective.level(), 0.04);
  EXPECT_LT(gradient_error(objective, weights), 1e-6) << "variance at its upper bound";
  Eigen::VectorXd variance = objective.variance_gy2();
  for (int i = 0; i < variance.size(); i += 2) variance[i] *= 0.4;
  objective.set_variance(variance);
  EXPECT_LT(gradient_error(objective, weights), 1e-6) << "mixed variance";
  objective.set_variance_to_minimum();
  EXPECT_LT(gradient_error(objective, weights), 1e-6) << "variance at its lower bound";
}

INSTANTIATE_TEST_SUITE_P(LevelsAndGeometries, GradientAtLevel,
                         ::testing::Combine(::testing::Values(0, 1, 2, 3), ::testing::Values(1, 4)));

TEST(Objective, GradientAgreesWithStructureSigmasOfTheirOwn) {
  const PlanProblem problem = small_plan();
  Pyramid pyramid(problem);
  Objective objective(pyramid.level(0), problem.structures, 1);
  const double before = objective.value(wavy_weights(objective.level(), 0.04));
  objective.set_sigma(6.0, {{0, 1.5}, {2, 4.0}});
  EXPECT_NE(objective.value(wavy_weights(objective.level(), 0.04)), before);
  EXPECT_LT(gradient_error(objective, wavy_weights(objective.level(), 0.04)), 1e-6);
}

TEST(Objective, DoseErrorCountsWhatLiesOutsideTheWantedDoses) {
  PlannedStructure structure;
  structure.description.objective_weight = 2.0;
  structure.description.prescription = {{60.0, 1.0}, {62.0, 0.0}};
  structure.planned_rows = {0, 1, 2, 3};
  const DoseError error(structure);
  const std::vector<double> doses_gy{60.0, 61.5, 50.0, 64.0};
  EXPECT_DOUBLE_EQ(error.evaluate(doses_gy.data()), 2.0 * (4.0 + 0.16) / 4.0) << "10 Gy too little, 2 Gy too much";
  EXPECT_EQ(error.slope(61.0), 0.0);
  EXPECT_DOUBLE_EQ(error.slope(50.0), -2.0 * 2.0 * 10.0 / (4.0 * 25.0));
  structure.description.prescription = {{0.0, 1.0}, {10.0, 0.3}};
  EXPECT_EQ(DoseError(structure).slope(500.0), 0.0) << "a curve that never reaches 0 forbids no dose";
}

TEST(Objective, GradientsWithDoseErrorAgreeAndTheHistogramsComeBackAsTheyWere) {
  const PlanProblem problem = small_plan();
  Pyramid pyramid(problem);
  Objective objective(pyramid.level(0), problem.structures, 1);
  const Eigen::VectorXd weights = wavy_weights(objective.level(), 0.04);
  const double divergence = objective.value(weights);
  objective.set_measure({0.0, 1.0});
  const double error = objective.value(weights);
  EXPECT_NE(error, divergence);
  EXPECT_LT(gradient_error(objective, weights), 1e-6);
  objective.set_measure({1.0, 0.3});
  EXPECT_NEAR(objective.value(weights), divergence + 0.3 * error, 1e-9 * (divergence + error));
  EXPECT_LT(gradient_error(objective, weights), 1e-6);
  objective.set_measure({});
  EXPECT_EQ(objective.value(weights), divergence);
}

TEST(Objective, GradientAgreesWithOverdosedVoxels) {
  PlanProblem problem = small_plan();
  problem.influence *= 100.0F;
  Pyramid pyramid(problem);
  ASSERT_GT(pyramid.level(0).highest_dose_gy, 4096.0);
  Objective objective(pyramid.level(0), problem.structures, 1);
  EXPECT_LT(gradient_error(objective, wavy_weights(objective.level(), 0.04)), 1e-6);
}

TEST(Objective, SameBitsForAnyNumberOfThreads) {
  const PlanProblem problem = small_plan({9, 15, 4, 4});
  Pyramid pyramid(problem);
  Objective alone(pyramid.level(0), problem.structures, 1);
  Objective several(pyramid.level(0), problem.structures, 3);
  const Eigen::VectorXd weights = wavy_weights(alone.level(), 0.05);
  Eigen::VectorXd gradient_alone;
  Eigen::VectorXd gradient_several;
  EXPECT_EQ(alone.value_and_gradient(weights, gradient_alone), several.value_and_gradient(weights, gradient_several));
  EXPECT_EQ(gradient_alone, gradient_several);
  EXPECT_EQ(alone.value(weights), alone.value_and_gradient(weights, gradient_alone));
}

TEST(Objective, FeelsABeamletByTheVoxelsThatCount) {
  PlanProblem problem = small_plan();
  const auto felt = [&problem](double structure_share) {
    Pyramid pyramid(problem);
    return Objective(pyramid.level(0), problem.structures, 1).felt_norms(structure_share);
  };
  const Eigen::MatrixXd dose = Eigen::MatrixXf(problem.influence).cast<double>();
  Eigen::VectorXd importance = Eigen::VectorXd::Zero(dose.rows());
  for (const PlannedStructure& structure : problem.structures) {
    const double voxels = static_cast<double>(structure.planned_rows.size());
    for (int row : structure.planned_rows) importance[row] += structure.description.objective_weight / voxels;
  }
  const Eigen::VectorXd counts = (0.6 + 0.4 * importance.array() / importance.mean()).matrix();
  const Eigen::VectorXd expected = (dose.cwiseAbs2().transpose() * counts).cwiseSqrt();
  EXPECT_LT((felt(0.4) - expected).norm(), 1e-12 * expected.norm());

  EXPECT_LT((felt(0.0) - Pyramid(problem).level(0).column_norms).norm(), 1e-12 * expected.norm());

  const Eigen::VectorXd before = felt(1.0);
  for (PlannedStructure& structure : problem.structures) structure.description.objective_weight *= 7.0;
  EXPECT_LT((felt(1.0) - before).norm(), 1e-12 * before.norm()) << "only the structures' shares count";
  problem.structures[0].description.objective_weight *= 10.0;
  EXPECT_GT((felt(1.0) - before).norm(), 0.01 * before.norm());
}

TEST(Objective, ExcludedBeamletsHaveNoGradient) {
  const PlanProblem problem = small_plan({5, 21});
  Pyramid pyramid(problem);
  Objective objective(pyramid.level(0), problem.structures, 1);
  Eigen::VectorXd gradient;
  objective.value_and_gradient(wavy_weights(objective.level(), 0.05), gradient);
  int excluded = 0;
  for (int i = 0; i < gradient.size(); ++i) {
    if (!objective.level().is_excluded[static_cast<std::size_t>(i)]) continue;
    ++excluded;
    EXPECT_EQ(gradient[i], 0.0);
  }
  EXPECT_GT(excluded, 0);
}

TEST(Objective, RunsGiveTheDoseOfTheMatrix) {
  const PlanProblem problem = small_plan({3, 9, 3, 3});
  Pyramid pyramid(problem);
  Objective objective(pyramid.level(0), problem.structures, 1);
  const Eigen::VectorXd weights = wavy_weights(objective.level(), 0.05);
  objective.value(weights);
  const Eigen::VectorXd expected = problem.influence.cast<double>() * weights;
  for (int row = 0; row < expected.size(); ++row) {
    ASSERT_NEAR(objective.dose_gy()[static_cast<std::size_t>(row)], expected[row], 1e-9);
  }
}

TEST(Objective, RefusesBadSigmasAndVariancesWithAReason) {
  const PlanProblem problem = small_plan();
  Pyramid pyramid(problem);
  Objective objective(pyramid.level(0), problem.structures, 1);
  EXPECT_THROW(objective.set_sigma(0.0), std::invalid_argument);
  EXPECT_THROW(objective.set_sigma(std::nan("")), std::invalid_argument);
  EXPECT_THROW(objective.set_sigma(2.5, {{0, -1.0}}), std::invalid_argument);
  EXPECT_THROW(objective.set_variance(Eigen::VectorXd::Ones(3)), std::invalid_argument);
}

TEST(VarianceShare, FollowsTheFactorsExceptAtTheCoarsestLevel) {
  const VarianceBounds bounds{1.0, 5.0};
  EXPECT_DOUBLE_EQ(variance_share(5.0, 0.1, bounds, true), 1.0);
  EXPECT_DOUBLE_EQ(variance_share(3.0, 0.1, bounds, true), 0.5);
  // q = 1/2 makes both factors one; a smaller q shrinks the variance to its lower bound.
  EXPECT_DOUBLE_EQ(variance_share(3.0, 0.5, bounds, false), 0.5);
  EXPECT_DOUBLE_EQ(variance_share(3.0, 0.1, bounds, false), 0.0);
}

TEST(Parameterization, InvertsInsideTheMarginsAndClampsOutside) {
  for (double weight : {0.001, 0.05, 0.1, 0.19}) EXPECT_NEAR(weight_of(parameter_of(weight)), weight, 1e-15);
  EXPECT_NEAR(weight_of(parameter_of(0.0)), kLowestWeight, 1e-15);
  EXPECT_NEAR(weight_of(parameter_of(kWeightCeiling)), kHighestWeight, 1e-15);
  const double step = 1e-6;
  const double x = parameter_of(0.03);
  EXPECT_NEAR(weight_slope(0.03), (weight_of(x + step) - weight_of(x - step)) / (2.0 * step), 1e-9);
}

}  // namespace
}  // namespace rtmodel
