#pragma once

// What tests of advised plans of the stub share.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "scripted_advisor.h"
#include "stub_plan.h"

namespace dh_adapter {

namespace pb = dh_advisor::testing::pb;

inline pb::AdvisorEvent accepted() {
  pb::OptimizerEvent start;
  start.mutable_start();
  pb::AdvisorEvent answer = dh_advisor::testing::good_answer(start);
  for (const pb::TensorKind kind :
       {pb::TENSOR_KIND_WEIGHTS, pb::TENSOR_KIND_VARIANCE, pb::TENSOR_KIND_STRUCTURE_MEAN_DOSE}) {
    answer.mutable_accepted()->add_wanted()->set_kind(kind);
  }
  for (auto& wanted : *answer.mutable_accepted()->mutable_wanted()) wanted.set_every_n(1);
  return answer;
}

/// No advice, in the frame of the question.
inline pb::AdvisorEvent nothing_for(const pb::OptimizerEvent& event) {
  pb::AdvisorEvent answer = event.has_start() ? accepted() : dh_advisor::testing::good_answer(event);
  if (answer.has_geometry()) answer.mutable_geometry()->clear_pyramid_sigma();
  if (answer.has_level()) {
    answer.mutable_level()->clear_initialization();
    answer.mutable_level()->clear_adaptive_variance();
  }
  if (answer.has_iteration()) answer.mutable_iteration()->clear_step_direction();
  return answer;
}

class Advised : public ::testing::Test {
 protected:
  /// Optimizes with advice of `change`, which may alter an empty answer.
  void optimize(const std::function<void(const pb::OptimizerEvent&, pb::AdvisorEvent&)>& change,
                OptimizerCallback* callback = nullptr) {
    dh_advisor::testing::ScriptedAdvisor advisor([&](const pb::OptimizerEvent& event, auto& stream) {
      pb::AdvisorEvent answer = nothing_for(event);
      change(event, answer);
      if (answer.event_case() != pb::AdvisorEvent::EVENT_NOT_SET) stream.Write(answer);
      return !event.has_finish();
    });
    options.session = dh_advisor::testing::options_for(advisor);
    optimizer = stub.optimizer<AdvisedPlanOptimizer>(options);
    EXPECT_TRUE(optimizer->Optimize(reached, callback, nullptr));
    EXPECT_TRUE(optimizer->LastStatus().ok()) << optimizer->LastStatus().message;
    events = advisor.events();
  }

  std::vector<double> own() {
    testing::StubPlan other;
    CVectorN<> weights;
    other.optimizer<dH::PlanOptimizer>()->Optimize(weights, nullptr, nullptr);
    return testing::to_vector(weights);
  }

  std::vector<std::pair<std::uint32_t, std::uint32_t>> levels_and_iterations() const {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> levels;
    for (const auto& event : events)
      if (event.has_level_end()) levels.emplace_back(event.level_end().level(), event.level_end().iterations());
    return levels;
  }

  bool has_verdict(pb::Role role, pb::Verdict verdict) const {
    return std::any_of(events.begin(), events.end(), [&](const pb::OptimizerEvent& event) {
      return std::any_of(event.receipts().begin(), event.receipts().end(),
                         [&](const auto& one) { return one.role() == role && one.verdict() == verdict; });
    });
  }

  /// Bit for bit, so that the optimizer's next plan is dH's own where it has no advice.
  void expect_levels_as_built() {
    testing::StubPlan other;
    auto built = other.optimizer<dH::PlanOptimizer>();
    for (dH::PlanOptimizer* one : {static_cast<dH::PlanOptimizer*>(optimizer.get()), built.get()})
      one->GetPyramid()->CalcPencilSubBeamlets();
    for (int level = 0; level < 4; ++level) {
      EXPECT_EQ(optimizer->GetOptimizer(level)->GetVarMin(), built->GetOptimizer(level)->GetVarMin());
      EXPECT_EQ(optimizer->GetOptimizer(level)->GetVarMax(), built->GetOptimizer(level)->GetVarMax());
      const auto n = static_cast<std::size_t>(built->GetPyramid()->GetPlan(level)->GetTotalBeamletCount());
      const std::vector<double> parameters(n, -1.0);
      EXPECT_EQ(evaluate(*optimizer, level, parameters), evaluate(*built, level, parameters)) << level;
    }
  }

  testing::StubPlan stub;
  AdapterOptions options;
  std::unique_ptr<AdvisedPlanOptimizer> optimizer;
  CVectorN<> reached;
  std::vector<pb::OptimizerEvent> events;
};

}  // namespace dh_adapter
