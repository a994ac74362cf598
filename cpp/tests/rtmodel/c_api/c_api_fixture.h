#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "case/write_case.h"
#include "rtmodel/rtmodel.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {

/** A small case that is open, with what its optimizer gives. */
class CApi : public ::testing::Test {
 protected:
  void SetUp() override {
    write_case(folder_.path(), small_case());
    auto options = rtmodel_DefaultPlanOptions();
    options.beams = "5";
    ASSERT_EQ(rtmodel_OpenProblem(folder_.path().string().c_str(), &options, &problem_), RTMODEL_OK)
        << rtmodel_LastError();
    sizes_ = rtmodel_GetSizes(problem_);
  }
  void TearDown() override {
    rtmodel_FreeOptimizer(optimizer_);
    rtmodel_FreeProblem(problem_);
  }
  void create(int solver = RTMODEL_SOLVER_LBFGS, int covariance = RTMODEL_COVARIANCE_INCREMENTAL) {
    rtmodel_FreeOptimizer(optimizer_);
    ASSERT_EQ(rtmodel_CreateOptimizer(problem_, solver, covariance, &optimizer_), RTMODEL_OK) << rtmodel_LastError();
  }
  std::vector<double> optimize(rtmodel_callback callback = nullptr, void* user = nullptr) {
    EXPECT_EQ(rtmodel_Optimize(optimizer_, callback, user), RTMODEL_OK) << rtmodel_LastError();
    std::vector<double> weights(sizes_.beamlets);
    EXPECT_EQ(rtmodel_GetWeights(optimizer_, weights.data(), weights.size()), RTMODEL_OK);
    return weights;
  }
  nlohmann::json result() {
    const char* text = nullptr;
    EXPECT_EQ(rtmodel_GetResult(optimizer_, &text), RTMODEL_OK);
    return nlohmann::json::parse(text);
  }

  TemporaryFolder folder_;
  rtmodel_problem* problem_ = nullptr;
  rtmodel_optimizer* optimizer_ = nullptr;
  rtmodel_sizes sizes_{};
};

}  // namespace rtmodel::testing
