// The lines that a developer of dH writes, as the guide shows them.
#include <advised_plan_optimizer.h>
#include <gtest/gtest.h>

#include "stub_plan.h"

namespace {

TEST(Guide, LinesOfItsThirdStepOptimizeAPlan) {
  dh_adapter::testing::StubPlan stub;
  CPlan* pPlan = &stub.plan;
  auto* pTerm = new dH::KLDivTerm(&stub.target, 2.5);
  CMatrixNxM<> points(2, 2);
  points[0][0] = 0.60;
  points[0][1] = 1.0;
  points[1][0] = 0.65;
  pTerm->SetDVPs(points);
  CVectorN<> vWeights;
  OptimizerCallback* pCallback = nullptr;
  void* pParam = nullptr;
  std::string said;
  const auto show = [&](const std::string& text) { said = text; };
  // [guide: use]
  dh_adapter::AdapterOptions options;  // shadow mode, 127.0.0.1:50151
  options.client = "dH 1.0";
  options.log = show;  // why a plan has no advice

  dh_adapter::AdvisedPlanOptimizer optimizer(pPlan, options);
  optimizer.AddStructureTerm(pTerm);
  optimizer.Optimize(vWeights, pCallback, pParam);
  // [end]
  EXPECT_EQ(vWeights.GetDim(), 51);
  EXPECT_EQ(said.empty(), optimizer.LastStatus().ok());
}

}  // namespace
