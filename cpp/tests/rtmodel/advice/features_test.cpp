// The optimizer and the client library mean the same by a feature.
#include "advice/features.h"

#include <gtest/gtest.h>

#include "pyramid/pyramid.h"
#include "rtmodel/small_plan/small_plan.h"
#include "run/schedule.h"

namespace rtmodel::testing {
namespace {

TEST(Features, ColumnNormsAreThePyramidsBitForBit) {
  for (const int rows : {1, 5}) {
    const PlanProblem problem = small_plan({4, 11, rows, rows == 1 ? 1 : 6, 60.0});
    const auto features = beamlet_features(problem);
    Pyramid pyramid(problem);
    const Eigen::VectorXd& norms = pyramid.level(0).column_norms;
    ASSERT_EQ(features.column_norm.size(), static_cast<std::size_t>(norms.size()));
    for (Eigen::Index i = 0; i < norms.size(); ++i)
      EXPECT_EQ(features.column_norm[static_cast<std::size_t>(i)], norms[i]);
  }
}

TEST(Features, TheFlatStartIsTheSolversToRounding) {
  const PlanProblem problem = small_plan();
  std::vector<dh_advisor::Structure> structures;
  for (const auto& structure : problem.structures) structures.push_back(structure.description);
  double weight = 0.0;
  ASSERT_TRUE(dh_advisor::flat_weight(structures, beamlet_features(problem).mean_dose, weight).ok());
  Pyramid pyramid(problem);
  EXPECT_NEAR(weight, flat_start(pyramid.level(0), problem)[0], 1e-9);
}

}  // namespace
}  // namespace rtmodel::testing
