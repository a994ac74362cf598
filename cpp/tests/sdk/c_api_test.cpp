#include "dh_advisor/c_api.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "c_api_fixture.h"
#include "dh_advisor/c_checks.h"

namespace dh_advisor::testing {
namespace {

TEST_F(CApiTest, CarriesAPlan) {
  ScriptedAdvisor advisor(answer_well);
  const std::string address = advisor.address();
  const dh_advisor_options options{address.c_str(), 2, 10000, 10000, 10000};
  dh_advisor_session* session = dh_advisor_open(&options, &plan_);
  ASSERT_EQ(dh_advisor_is_live(session), 1) << dh_advisor_status(session);
  EXPECT_EQ(dh_advisor_wants(session, 1, 0), 1);

  std::array<double, 4> weights{};
  dh_advisor_level_start start{};
  start.beamlet_count = 4;
  start.variance_lower_gy2 = 1.5625;
  start.variance_upper_gy2 = 9.375;
  dh_advisor_level_advice level{};
  level.initial_weights = weights.data();
  dh_advisor_ask_level(session, &start, &level);
  EXPECT_EQ(level.has_initial_weights, 1);
  EXPECT_EQ(level.has_variance, 0) << "no buffer was given for it";
  EXPECT_EQ(weights[3], 0.05);

  std::array<double, 4> direction{};
  dh_advisor_iteration iteration{};
  iteration.objective = 3.0;
  dh_advisor_iteration_advice advice{};
  advice.direction = direction.data();
  dh_advisor_ask_iteration(session, &iteration, 4, &advice);
  EXPECT_EQ(advice.stop_decision, 1);
  EXPECT_EQ(advice.direction_space, 1);
  EXPECT_EQ(advice.step_length, 1.0);
  EXPECT_EQ(direction[1], -1.0);
  dh_advisor_report(session, 5, 1, 0, 0);
  iteration.iteration = 1;
  direction = {};
  dh_advisor_post_iteration(session, &iteration);
  dh_advisor_take_iteration(session, 4, &advice);
  EXPECT_EQ(direction[1], -1.0);
  dh_advisor_tell_level_end(session, 0, 0, 1, 1, 3.0);
  dh_advisor_finish(session, 1, 1, 3.0);
  dh_advisor_close(session);

  const auto events = advisor.events();
  ASSERT_EQ(events.size(), 6U);
  EXPECT_EQ(events[0].start().structures(0).tg263_name(), "PTV_7000");
  EXPECT_EQ(events[3].receipts(0).role(), pb::ROLE_STEP_DIRECTION);
}

TEST_F(CApiTest, TellsWhatTheClientsOwnChecksFound) {
  ScriptedAdvisor advisor(answer_well);
  const dh_advisor_self_check checks[] = {{DH_ADVISOR_CHECK_PASSED, nullptr, nullptr},
                                          {DH_ADVISOR_CHECK_FAILED, "beams[0].columns", "mirrored"}};
  plan_.self_checks = checks;
  plan_.self_check_count = 2;
  dh_advisor_close(open(advisor));
  const pb::PlanStart start = advisor.events()[0].start();
  ASSERT_EQ(start.self_checks_size(), 2);
  EXPECT_EQ(start.self_checks(0).outcome(), pb::SELF_CHECK_OUTCOME_PASSED);
  EXPECT_EQ(start.self_checks(1).outcome(), pb::SELF_CHECK_OUTCOME_FAILED);
  EXPECT_EQ(start.self_checks(1).field(), "beams[0].columns");
}

TEST_F(CApiTest, IsSilentWithoutAHost) {
  const dh_advisor_options options{"127.0.0.1:9", 2, 0, 0, 0};
  dh_advisor_session* session = dh_advisor_open(&options, &plan_);
  EXPECT_EQ(dh_advisor_is_live(session), 0);
  EXPECT_NE(std::string(dh_advisor_status(session)), "");
  dh_advisor_close(session);
}

TEST_F(CApiTest, CarriesWhatThePlanCost) {
  ScriptedAdvisor advisor(answer_well);
  dh_advisor_session* session = open(advisor);
  dh_advisor_level_end end{};
  end.struct_size = sizeof end;
  end.level = 0;
  end.stage = 2;
  end.stop_reason = DH_ADVISOR_STOP_LINE_SEARCH;
  end.iterations = 11;
  end.value_calls = 12;
  end.gradient_calls = 13;
  end.objective = 1.5;
  end.elapsed_ms = 14.0;
  dh_advisor_end_level(session, &end);
  const dh_advisor_dose_metric metric{0, "D95", 66.5, "Gy"};
  const std::array<double, 4> weights{0.1, 0.2, 0.0, 0.05};
  dh_advisor_plan_finish finish{};
  finish.struct_size = sizeof finish;
  finish.stop_reason = DH_ADVISOR_STOP_ADVICE;
  finish.iterations = 21;
  finish.value_calls = 22;
  finish.gradient_calls = 23;
  finish.call_equivalents = 24.5;
  finish.optimization_ms = 25.0;
  finish.reference_objective = 2.5;
  finish.metrics = &metric;
  finish.metric_count = 1;
  finish.final_weights = weights.data();
  finish.final_weight_count = weights.size();
  EXPECT_EQ(dh_advisor_finish_plan(session, &finish), DH_ADVISOR_STATUS_OK);
  dh_advisor_close(session);

  const auto events = advisor.events();
  ASSERT_EQ(events.size(), 3U);
  const pb::LevelEnd& ended = events[1].level_end();
  EXPECT_EQ(ended.stage(), 2U);
  EXPECT_EQ(ended.stop_reason(), pb::STOP_REASON_LINE_SEARCH);
  EXPECT_EQ(ended.iterations(), 11U);
  EXPECT_EQ(ended.value_calls(), 12U);
  EXPECT_EQ(ended.gradient_calls(), 13U);
  EXPECT_EQ(ended.objective(), 1.5);
  EXPECT_EQ(ended.elapsed_ms(), 14.0);
  const pb::PlanFinish& finished = events[2].finish();
  EXPECT_EQ(finished.stop_reason(), pb::STOP_REASON_ADVICE);
  EXPECT_EQ(finished.iterations(), 21U);
  EXPECT_EQ(finished.value_calls(), 22U);
  EXPECT_EQ(finished.gradient_calls(), 23U);
  EXPECT_EQ(finished.call_equivalents(), 24.5);
  EXPECT_EQ(finished.optimization_ms(), 25.0);
  EXPECT_EQ(finished.reference_objective(), 2.5);
  ASSERT_EQ(finished.metrics_size(), 1);
  EXPECT_EQ(finished.metrics(0).name(), "D95");
  EXPECT_EQ(finished.final_weights().data().size(), 32U);
}

TEST_F(CApiTest, AsksAboutTheGeometryAndSaysWhoAnswers) {
  ScriptedAdvisor advisor(answer_well);
  dh_advisor_session* session = open(advisor);
  EXPECT_STREQ(dh_advisor_session_id(session), "scripted");
  EXPECT_EQ(dh_advisor_wants_at_start(session, DH_ADVISOR_TENSOR_COLUMN_NORM), 1);
  EXPECT_EQ(dh_advisor_wants(session, DH_ADVISOR_TENSOR_COLUMN_NORM, 0), 0);
  EXPECT_EQ(dh_advisor_is_served(session, DH_ADVISOR_ROLE_PYRAMID_SIGMA), 1);
  EXPECT_EQ(dh_advisor_has_declined(session, DH_ADVISOR_ROLE_PYRAMID_SIGMA), 0);
  ASSERT_EQ(dh_advisor_binding_count(session), 6U);
  dh_advisor_binding binding{};
  binding.struct_size = sizeof binding;
  EXPECT_EQ(dh_advisor_get_binding(session, 6, &binding), 0);
  ASSERT_EQ(dh_advisor_get_binding(session, 4, &binding), 1);
  EXPECT_EQ(binding.role, DH_ADVISOR_ROLE_STEP_DIRECTION);
  EXPECT_STREQ(binding.plugin, "scripted");

  const dh_advisor_structure_geometry structure{0, 0.9, 0.1, 0.0};
  const std::array<double, 4> norms{1.0, 2.0, 3.0, 4.0};
  const dh_advisor_tensor tensors[] = {{DH_ADVISOR_TENSOR_COLUMN_NORM, norms.data(), 4, 0},
                                       {DH_ADVISOR_TENSOR_STRUCTURE_MEAN_DOSE, norms.data(), 4, 1}};
  dh_advisor_geometry geometry{};
  geometry.struct_size = sizeof geometry;
  geometry.structures = &structure;
  geometry.structure_count = 1;
  geometry.tensors = tensors;
  geometry.tensor_count = 2;
  dh_advisor_stage stages[2]{};
  dh_advisor_geometry_advice advice{};
  advice.struct_size = sizeof advice;
  advice.stages = stages;
  advice.stage_capacity = 2;
  dh_advisor_ask_geometry(session, &geometry, &advice);
  ASSERT_EQ(advice.stage_count, 1U) << dh_advisor_status(session);
  EXPECT_EQ(stages[0].histogram_sigma_gy, 2.5);
  EXPECT_EQ(advice.structure_sigma_count, 0U);
  dh_advisor_counters counters{};
  counters.struct_size = sizeof counters;
  dh_advisor_get_counters(session, &counters);
  EXPECT_EQ(counters.questions, 2U);
  EXPECT_EQ(counters.answers, 2U);
  dh_advisor_close(session);
  EXPECT_EQ(advisor.events()[1].geometry().tensors(1).tensor().shape_size(), 2) << "a table of one column is a table";
}

TEST_F(CApiTest, CountsByRole) {
  ScriptedAdvisor advisor(answer_well);
  dh_advisor_session* session = open(advisor);
  auto cpp = Session::open(options_for(advisor), small_plan());
  EXPECT_EQ(dh_advisor_configuration_generation(session), cpp->configuration_generation());
  std::array<double, 4> weights{};
  const dh_advisor_level_start start = level_start();
  dh_advisor_level_advice level{};
  level.initial_weights = weights.data();
  dh_advisor_ask_level(session, &start, &level);
  ASSERT_EQ(level.has_initial_weights, 1) << dh_advisor_status(session);
  dh_advisor_report(session, DH_ADVISOR_ROLE_INITIALIZATION, DH_ADVISOR_VERDICT_WORSE_THAN_DEFAULT, 0, -1);
  cpp->ask_level(level_zero());
  const SessionCounters of_cpp = cpp->counters();
  dh_advisor_role_counters counters{};
  counters.struct_size = sizeof counters;
  dh_advisor_get_role_counters(session, DH_ADVISOR_ROLE_INITIALIZATION, &counters);
  EXPECT_EQ(counters.verdicts[DH_ADVISOR_VERDICT_WORSE_THAN_DEFAULT], 1U);
  EXPECT_EQ(counters.verdicts[DH_ADVISOR_VERDICT_ACCEPTED], 0U);
  EXPECT_EQ(counters.outcomes[DH_ADVISOR_OUTCOME_APPLIED], 1U);
  EXPECT_EQ(counters.outcomes[DH_ADVISOR_OUTCOME_APPLIED],
            of_cpp.outcomes.at({Role::kInitialization, Outcome::kApplied}));
  EXPECT_EQ(counters.highest_score, of_cpp.highest_scores.at(Role::kInitialization));
  EXPECT_EQ(counters.host_ms, static_cast<double>(of_cpp.host_time.at(Role::kInitialization).count()) / 1000.0);
  dh_advisor_get_role_counters(session, 99, &counters);
  EXPECT_EQ(counters.outcomes[DH_ADVISOR_OUTCOME_APPLIED], 0U);
  counters.verdicts[0] = 7;
  dh_advisor_get_role_counters(nullptr, DH_ADVISOR_ROLE_INITIALIZATION, &counters);
  EXPECT_EQ(counters.verdicts[0], 0U);
  dh_advisor_get_role_counters(session, DH_ADVISOR_ROLE_INITIALIZATION, nullptr);
  EXPECT_EQ(dh_advisor_configuration_generation(nullptr), 0U);
  dh_advisor_close(session);
}

TEST(CApi, NamesItsNumbers) {
  EXPECT_STREQ(dh_advisor_role_name(DH_ADVISOR_ROLE_EARLY_STOPPING), "early-stopping");
  EXPECT_STREQ(dh_advisor_verdict_name(DH_ADVISOR_VERDICT_NOT_DESCENT), "not-descent");
  EXPECT_STREQ(dh_advisor_outcome_name(DH_ADVISOR_OUTCOME_OUT_OF_DISTRIBUTION), "out-of-distribution");
  EXPECT_STREQ(dh_advisor_stop_reason_name(DH_ADVISOR_STOP_SAFEGUARD), "safeguard");
  EXPECT_STREQ(dh_advisor_role_name(99), "unknown");
}

TEST_F(CApiTest, ReportsAdviceThatItHasNoRoomFor) {
  ScriptedAdvisor advisor(answer_well);
  dh_advisor_session* session = open(advisor);
  dh_advisor_level_start start = level_start();
  dh_advisor_level_advice level{};
  dh_advisor_ask_level(session, &start, &level);
  dh_advisor_iteration iteration{};
  iteration.iteration = 7;
  std::array<double, 3> direction{};
  dh_advisor_iteration_advice advice{};
  advice.direction = direction.data();
  dh_advisor_ask_iteration(session, &iteration, direction.size(), &advice);
  EXPECT_EQ(advice.direction_space, DH_ADVISOR_SPACE_NONE);
  EXPECT_EQ(advice.stop_decision, DH_ADVISOR_DECISION_CONTINUE) << "the other role's advice is good";
  dh_advisor_finish(session, DH_ADVISOR_STOP_TOLERANCE, 1, 1.0);
  dh_advisor_close(session);
  const auto events = advisor.events();
  ASSERT_EQ(events[2].receipts_size(), 2);
  EXPECT_EQ(events[2].receipts(0).verdict(), pb::VERDICT_NOT_ACCEPTED_ROLE);
  ASSERT_EQ(events[3].receipts_size(), 1);
  EXPECT_EQ(events[3].receipts(0).role(), pb::ROLE_STEP_DIRECTION);
  EXPECT_EQ(events[3].receipts(0).verdict(), pb::VERDICT_WRONG_LENGTH);
  EXPECT_EQ(events[3].receipts(0).iteration(), 7U);
}

}  // namespace
}  // namespace dh_advisor::testing
