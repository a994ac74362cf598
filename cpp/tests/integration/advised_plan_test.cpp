// What the host is told of an advised plan of the stub, and what its advice does there.
#include "advised_plan.h"

#include <cmath>
#include <cstring>
#include <map>

namespace dh_adapter {
namespace {

constexpr int kBeamlets = 51;

void fill(pb::Tensor& tensor, const std::vector<double>& values) {
  tensor.set_data_type(pb::DATA_TYPE_FLOAT64);
  tensor.add_shape(static_cast<std::uint32_t>(values.size()));
  tensor.set_data(values.data(), values.size() * sizeof(double));
}

std::vector<double> values_of(const pb::Tensor& tensor) {
  std::vector<double> values(tensor.data().size() / sizeof(double));
  std::memcpy(values.data(), tensor.data().data(), tensor.data().size());
  return values;
}

void no_change(const pb::OptimizerEvent&, pb::AdvisorEvent&) {}

TEST_F(Advised, TellsThePlanFromGeometryToFinish) {
  optimize(no_change);
  EXPECT_EQ(testing::to_vector(reached), own());
  ASSERT_GE(events.size(), 10U);
  ASSERT_TRUE(events[0].has_start());
  EXPECT_EQ(events[0].start().quality(), pb::QUALITY_FAST) << "the plan without advice is not made as well";
  ASSERT_EQ(events[0].start().self_checks_size(), 2) << "of geometry and gradient";
  for (const auto& check : events[0].start().self_checks())
    EXPECT_EQ(check.outcome(), pb::SELF_CHECK_OUTCOME_PASSED) << check.field() << ": " << check.finding();
  ASSERT_TRUE(events[1].has_geometry());
  EXPECT_EQ(events[1].geometry().structures_size(), 3);
  EXPECT_EQ(events[1].geometry().tensors_size(), 2);
  const auto levels = levels_and_iterations();
  ASSERT_EQ(levels.size(), 4U);
  for (std::uint32_t i = 0; i < 4; ++i) EXPECT_EQ(levels[i].first, 3 - i);
  ASSERT_TRUE(events.back().has_finish());
  const auto sent = values_of(events.back().finish().final_weights());
  EXPECT_EQ(sent, mirrored(own(), 17)) << "in the contract's order of columns";
  std::uint32_t values = 0;
  for (const auto& event : events) {
    if (event.has_level_start() && event.level_start().level() == 2) {
      const double sigma_gy = 20.0 / 1.3;
      EXPECT_NEAR(event.level_start().histogram_sigma_gy(), sigma_gy, 1e-9);
      EXPECT_NEAR(event.level_start().variance_lower_gy2(), 0.25 * sigma_gy * sigma_gy, 1e-9);
      EXPECT_NEAR(event.level_start().variance_upper_gy2(), 1.5 * sigma_gy * sigma_gy, 1e-9);
    }
    if (!event.has_iteration()) continue;
    EXPECT_GT(event.iteration().value_calls(), values) << "of the plan so far";
    values = event.iteration().value_calls();
  }
  EXPECT_GE(events.back().finish().value_calls(), values);
}

TEST_F(Advised, SendsWeightsGradientAndVarianceOfOnePoint) {
  optimize(no_change);
  const auto at = std::find_if(events.begin(), events.end(), [](const pb::OptimizerEvent& event) {
    return event.has_iteration() && event.iteration().level() == 1 && event.iteration().iteration() == 2;
  });
  ASSERT_NE(at, events.end());
  std::map<int, std::vector<double>> sent;
  for (const auto& tensor : at->iteration().tensors()) sent[tensor.kind()] = values_of(tensor.tensor());
  ASSERT_EQ(sent.size(), 3U);
  const auto& weights = sent[pb::TENSOR_KIND_WEIGHTS];
  const auto& variance = sent[pb::TENSOR_KIND_VARIANCE];
  const Sigmoid sigmoid{0.2, 0.5};
  std::vector<double> parameters(weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i) parameters[i] = std::log(weights[i] / (0.2 - weights[i])) / 0.5;
  parameters = mirrored(parameters, 9);
  CVectorN<> x(27), by_x, variances(27);
  for (int i = 0; i < 27; ++i) {
    x[i] = parameters[static_cast<std::size_t>(i)];
    variances[i] = mirrored(variance, 9)[static_cast<std::size_t>(i)] / 1e4;
    EXPECT_GE(variance[static_cast<std::size_t>(i)], 0.25 * 6.25 * 6.25 - 1e-9);
    EXPECT_LE(variance[static_cast<std::size_t>(i)], 1.5 * 6.25 * 6.25 + 1e-9);
  }
  dH::Prescription& prescription = *optimizer->GetPrescription(1);
  prescription.SetAdaptiveVariance(&variances, 0.0, 0.0);
  EXPECT_NEAR(prescription(x, &by_x), at->iteration().objective(), 1e-9);
  const auto expected = gradient_from_prescription(testing::to_vector(by_x), parameters, sigmoid, 9);
  const auto& gradient = sent[pb::TENSOR_KIND_GRADIENT];
  double square = 0.0;
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    square += gradient[i] * gradient[i];
    EXPECT_NEAR(gradient[i], expected[i], 1e-6 * (1.0 + std::abs(expected[i]))) << i;
  }
  EXPECT_NEAR(at->iteration().gradient_norm(), std::sqrt(square), 1e-9 * std::sqrt(square));
  EXPECT_GT(at->iteration().value_calls(), at->iteration().gradient_calls());
  std::uint32_t before = 0;
  for (const auto& event : events)
    if (event.has_level_end() && event.level_end().level() > 1) before += event.level_end().gradient_calls();
  EXPECT_EQ(at->iteration().gradient_calls(), before + 4U) << "of the plan: one at a level's start, one an iteration";
}

/// A model's start: answers stage 0 of level 0 with these weights.
auto start_of(const std::vector<double>& weights) {
  return [weights](const pb::OptimizerEvent& event, pb::AdvisorEvent& answer) {
    if (event.has_start()) answer.mutable_accepted()->mutable_bindings(0)->set_model("warm-start/test");
    if (!event.has_level_start() || event.level_start().stage() != 0) return;
    auto& start = *answer.mutable_level()->mutable_initialization();
    start.mutable_header()->set_role(pb::ROLE_INITIALIZATION);
    start.mutable_header()->set_outcome(pb::OUTCOME_APPLIED);
    fill(*start.mutable_weights(), weights);
  };
}

TEST_F(Advised, GoodStartLeavesTheCoarseLevelsOut) {
  optimize(start_of(mirrored(own(), 17)));
  EXPECT_TRUE(has_verdict(pb::ROLE_INITIALIZATION, pb::VERDICT_ACCEPTED));
  const auto levels = levels_and_iterations();
  ASSERT_EQ(levels.size(), 3U) << "the comparison, ten smooth iterations, the last level";
  EXPECT_EQ(levels[0].second, 0U);
  EXPECT_LE(levels[1].second, 10U);
  for (const auto& level : levels) EXPECT_EQ(level.first, 0U);
  expect_levels_as_built();
}

TEST_F(Advised, StartInTheWrongOrderIsNotThatGood) {
  // The stub's plan has no symmetry: what is right in one order is wrong in the other.
  const std::vector<double> best = own();
  optimize(start_of(best));
  EXPECT_TRUE(has_verdict(pb::ROLE_INITIALIZATION, pb::VERDICT_WORSE_THAN_DEFAULT));
  EXPECT_EQ(testing::to_vector(reached), best) << "refused advice changes no bit";
  EXPECT_EQ(levels_and_iterations().size(), 5U);
}

TEST_F(Advised, VarianceIsInForceForTheLevelInDhsUnit) {
  optimize([](const pb::OptimizerEvent& event, pb::AdvisorEvent& answer) {
    if (!event.has_level_start() || event.level_start().level() != 0) return;
    auto& advice = *answer.mutable_level()->mutable_adaptive_variance();
    advice.mutable_header()->set_role(pb::ROLE_ADAPTIVE_VARIANCE);
    advice.mutable_header()->set_outcome(pb::OUTCOME_APPLIED);
    std::vector<double> variance(kBeamlets, 4.0);
    variance[0] = 8.0;
    fill(*advice.mutable_variance_gy2(), variance);
  });
  EXPECT_TRUE(has_verdict(pb::ROLE_ADAPTIVE_VARIANCE, pb::VERDICT_ACCEPTED));
  for (const auto& event : events) {
    if (!event.has_iteration() || event.iteration().level() != 0) continue;
    for (const auto& tensor : event.iteration().tensors()) {
      if (tensor.kind() != pb::TENSOR_KIND_VARIANCE) continue;
      EXPECT_NEAR(values_of(tensor.tensor())[0], 8.0, 1e-12) << "of the contract's first column";
      EXPECT_NEAR(values_of(tensor.tensor())[16], 4.0, 1e-12);
    }
  }
  EXPECT_NE(testing::to_vector(reached), own());
  // The plan is measured as any other, with every variance at its upper bound.
  testing::StubPlan other;
  auto plain = other.optimizer<dH::PlanOptimizer>();
  plain->GetPyramid()->CalcPencilSubBeamlets();
  const Sigmoid sigmoid{0.2, 0.5};
  const std::vector<double> sent = values_of(events.back().finish().final_weights());
  EXPECT_NEAR(events.back().finish().reference_objective(), evaluate(*plain, 0, parameters_from(sent, sigmoid, 17)),
              1e-12);
}

TEST_F(Advised, ScheduleIsFollowedAndUndone) {
  optimize([](const pb::OptimizerEvent& event, pb::AdvisorEvent& answer) {
    if (!event.has_geometry()) return;
    auto& schedule = *answer.mutable_geometry()->mutable_pyramid_sigma();
    schedule.mutable_header()->set_role(pb::ROLE_PYRAMID_SIGMA);
    schedule.mutable_header()->set_outcome(pb::OUTCOME_APPLIED);
    auto& first = *schedule.add_stages();
    first.set_level(1);
    first.set_histogram_sigma_gy(20.0);
    first.set_iteration_limit(3);
    schedule.add_stages()->set_histogram_sigma_gy(2.5);
  });
  EXPECT_TRUE(has_verdict(pb::ROLE_PYRAMID_SIGMA, pb::VERDICT_ACCEPTED));
  const auto levels = levels_and_iterations();
  ASSERT_EQ(levels.size(), 2U);
  EXPECT_EQ(levels[0].first, 1U);
  EXPECT_LE(levels[0].second, 3U);
  for (const auto& event : events) {
    if (event.has_level_start() && event.level_start().level() == 1) {
      EXPECT_DOUBLE_EQ(event.level_start().histogram_sigma_gy(), 20.0);
      EXPECT_NEAR(event.level_start().variance_upper_gy2(), 600.0, 1e-9);
    }
  }
  expect_levels_as_built();
}

/// Stops wherever the gate lets it.
auto stops(pb::StopDecision decision) {
  return [decision](const pb::OptimizerEvent& event, pb::AdvisorEvent& answer) {
    if (event.has_iteration()) answer.mutable_iteration()->mutable_early_stopping()->set_decision(decision);
  };
}

TEST_F(Advised, StopIsRefusedWhileAnIterationGains) {
  optimize(stops(pb::STOP_DECISION_STOP_LEVEL));
  EXPECT_TRUE(has_verdict(pb::ROLE_EARLY_STOPPING, pb::VERDICT_TOO_EARLY));
  EXPECT_TRUE(has_verdict(pb::ROLE_EARLY_STOPPING, pb::VERDICT_STILL_IMPROVING));
}

TEST_F(Advised, GrantedStopOfThePlanGoesDownWithoutDescending) {
  options.stop_tolerance = 2.0;  // Any gain is less.
  optimize(stops(pb::STOP_DECISION_STOP_ALL));
  EXPECT_TRUE(has_verdict(pb::ROLE_EARLY_STOPPING, pb::VERDICT_ACCEPTED));
  EXPECT_LT(levels_and_iterations().size(), 4U);
  EXPECT_EQ(reached.GetDim(), kBeamlets);
  EXPECT_EQ(events.back().finish().stop_reason(), pb::STOP_REASON_ADVICE);
  const auto last =
      std::find_if(events.rbegin(), events.rend(), [](const auto& event) { return event.has_level_end(); });
  EXPECT_EQ(last->level_end().stop_reason(), pb::STOP_REASON_ADVICE);
}

TEST_F(Advised, CallersOwnCallbackIsCalledAndMayCancelALevel) {
  optimize(no_change, [](DynamicCovarianceOptimizer*, void*) -> BOOL { return FALSE; });
  for (const auto& level : levels_and_iterations()) EXPECT_EQ(level.second, 1U);
  EXPECT_EQ(levels_and_iterations().size(), 4U) << "as in dH, FALSE ends a level only";
  EXPECT_EQ(events.back().finish().stop_reason(), pb::STOP_REASON_CANCELLED);
}

}  // namespace
}  // namespace dh_adapter
