// Mistakes that only C callers can make end in a sentence, never in a crash.
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "c_api_fixture.h"

namespace dh_advisor::testing {
namespace {

using CApiMistakes = CApiTest;

TEST_F(CApiMistakes, TakesNoSessionForASilentOne) {
  dh_advisor_level_advice level{};
  level.has_variance = 1;
  dh_advisor_iteration_advice advice{};
  advice.stop_decision = 3;
  dh_advisor_geometry_advice geometry{};
  geometry.struct_size = sizeof geometry;
  geometry.stage_count = 5;
  dh_advisor_counters counters{};
  counters.struct_size = sizeof counters;
  dh_advisor_binding binding{};
  EXPECT_EQ(dh_advisor_is_live(nullptr), 0);
  EXPECT_STRNE(dh_advisor_status(nullptr), "");
  EXPECT_NE(dh_advisor_status_code(nullptr), DH_ADVISOR_STATUS_OK);
  EXPECT_STREQ(dh_advisor_session_id(nullptr), "");
  EXPECT_EQ(dh_advisor_binding_count(nullptr), 0U);
  EXPECT_EQ(dh_advisor_get_binding(nullptr, 0, &binding), 0);
  EXPECT_EQ(dh_advisor_wants(nullptr, 1, 0) + dh_advisor_wants_at_start(nullptr, 1), 0);
  EXPECT_EQ(dh_advisor_is_served(nullptr, 1) + dh_advisor_has_declined(nullptr, 1), 0);
  EXPECT_NE(dh_advisor_send_volume(nullptr, nullptr), DH_ADVISOR_STATUS_OK);
  dh_advisor_ask_geometry(nullptr, nullptr, &geometry);
  EXPECT_EQ(geometry.stage_count, 0U);
  dh_advisor_ask_level(nullptr, nullptr, &level);
  EXPECT_EQ(level.has_variance, 0);
  dh_advisor_ask_iteration(nullptr, nullptr, 0, &advice);
  EXPECT_EQ(advice.stop_decision, 0);
  EXPECT_STREQ(dh_advisor_stop_explanation(nullptr), "");
  EXPECT_EQ(dh_advisor_iteration_variance(nullptr, 0, nullptr), 0);
  dh_advisor_report(nullptr, 1, 1, 0, 0);
  dh_advisor_tell_level_end(nullptr, 0, 0, 1, 1, 1.0);
  dh_advisor_end_level(nullptr, nullptr);
  EXPECT_NE(dh_advisor_finish_plan(nullptr, nullptr), DH_ADVISOR_STATUS_OK);
  dh_advisor_finish(nullptr, 1, 1, 1.0);
  dh_advisor_get_counters(nullptr, &counters);
  dh_advisor_get_counters(nullptr, nullptr);
  dh_advisor_close(nullptr);
}

TEST_F(CApiMistakes, NamesANullOfThePlan) {
  ScriptedAdvisor advisor(answer_well);
  const std::string address = advisor.address();
  const dh_advisor_options good{address.c_str(), DH_ADVISOR_MODE_ADVISE, 10000, 10000, 10000};
  const auto refusal = [&](const dh_advisor_options* options, const dh_advisor_plan* plan) {
    dh_advisor_session* session = dh_advisor_open(options, plan);
    EXPECT_EQ(dh_advisor_status_code(session), DH_ADVISOR_STATUS_INVALID_INPUT);
    const std::string status = dh_advisor_status(session);
    dh_advisor_close(session);
    return status;
  };
  EXPECT_EQ(refusal(nullptr, &plan_), "options is NULL");
  EXPECT_EQ(refusal(&good, nullptr), "plan is NULL");
  const auto spoilt = [&](auto spoil) {
    dh_advisor_plan plan = plan_;
    spoil(plan);
    return refusal(&good, &plan);
  };
  EXPECT_EQ(spoilt([](dh_advisor_plan& p) { p.structures = nullptr; }), "structures is NULL");
  EXPECT_EQ(spoilt([](dh_advisor_plan& p) { p.beams = nullptr; }), "beams is NULL");
  EXPECT_EQ(spoilt([](dh_advisor_plan& p) { p.levels = nullptr; }), "levels is NULL");
  EXPECT_EQ(spoilt([](dh_advisor_plan& p) { p.accepts = nullptr; }), "accepts is NULL");
  EXPECT_EQ(spoilt([](dh_advisor_plan& p) { p.offer_count = 1; }), "offers is NULL");
  EXPECT_NE(spoilt([](dh_advisor_plan& p) { p.plan_key = nullptr; }).find("plan_key"), std::string::npos);
  EXPECT_NE(spoilt([](dh_advisor_plan& p) { p.structure_count = SIZE_MAX; }).find("structures"), std::string::npos);
  structure_.prescription_count = 3;
  EXPECT_EQ(spoilt([](dh_advisor_plan&) {}), "prescription is NULL");
  structure_.prescription_count = 0;
  structure_.prescribed_dose_gy = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(spoilt([](dh_advisor_plan&) {}).find("prescribed_dose_gy"), std::string::npos);
  structure_.prescribed_dose_gy = 70.0;
  const dh_advisor_options no_address{nullptr, DH_ADVISOR_MODE_ADVISE, 0, 0, 0};
  EXPECT_NE(refusal(&no_address, &plan_).find("address"), std::string::npos);
  const dh_advisor_options no_mode{address.c_str(), 7, 0, 0, 0};
  EXPECT_NE(refusal(&no_mode, &plan_).find("mode"), std::string::npos);
  EXPECT_TRUE(advisor.events().empty());
}

TEST_F(CApiMistakes, NamesANullOfAQuestion) {
  ScriptedAdvisor advisor(answer_well);
  const auto refusal = [&](auto ask) {
    dh_advisor_session* session = open(advisor);
    EXPECT_EQ(dh_advisor_is_live(session), 1);
    ask(session);
    EXPECT_EQ(dh_advisor_is_live(session), 0);
    EXPECT_EQ(dh_advisor_status_code(session), DH_ADVISOR_STATUS_INVALID_INPUT);
    const std::string status = dh_advisor_status(session);
    dh_advisor_close(session);
    return status;
  };
  dh_advisor_level_start start = level_start();
  dh_advisor_iteration iteration{};
  dh_advisor_level_advice level{};
  using Handle = dh_advisor_session*;
  EXPECT_EQ(refusal([&](Handle s) { dh_advisor_ask_level(s, nullptr, &level); }), "start is NULL");
  EXPECT_EQ(refusal([&](Handle s) { dh_advisor_ask_level(s, &start, nullptr); }), "advice is NULL");
  EXPECT_EQ(refusal([&](Handle s) { dh_advisor_post_iteration(s, nullptr); }), "iteration is NULL");
  EXPECT_EQ(refusal([&](Handle s) { dh_advisor_ask_iteration(s, &iteration, 4, nullptr); }), "advice is NULL");
  EXPECT_EQ(refusal([&](Handle s) { dh_advisor_ask_geometry(s, nullptr, nullptr); }), "advice is NULL");
  EXPECT_EQ(refusal([&](Handle s) { dh_advisor_send_volume(s, nullptr); }), "volume is NULL");
  EXPECT_EQ(refusal([&](Handle s) { dh_advisor_end_level(s, nullptr); }), "end is NULL");
  EXPECT_EQ(refusal([&](Handle s) { EXPECT_EQ(dh_advisor_finish_plan(s, nullptr), DH_ADVISOR_STATUS_INVALID_INPUT); }),
            "finish is NULL");
  EXPECT_NE(refusal([&](Handle s) {
              dh_advisor_plan_finish finish{};
              dh_advisor_finish_plan(s, &finish);
            }).find("finish.struct_size"),
            std::string::npos);
  iteration.tensor_count = 1;
  EXPECT_EQ(refusal([&](Handle s) { dh_advisor_post_iteration(s, &iteration); }), "tensors is NULL");
  const dh_advisor_tensor empty{DH_ADVISOR_TENSOR_GRADIENT, nullptr, 4, 0};
  iteration.tensors = &empty;
  EXPECT_NE(refusal([&](Handle s) { dh_advisor_post_iteration(s, &iteration); }).find("data is null"),
            std::string::npos);
  EXPECT_NE(refusal([&](Handle s) { dh_advisor_report(s, 0, 1, 0, 0); }).find("role"), std::string::npos);
  EXPECT_NE(refusal([&](Handle s) { dh_advisor_report(s, 1, 1, 0, INT64_MAX); }).find("iteration"), std::string::npos);
}

TEST_F(CApiMistakes, ServesProgramsOfAnOlderHeader) {
  ScriptedAdvisor advisor(answer_well);
  dh_advisor_session* session = open(advisor);
  // As if the header had ended after `late`.
  dh_advisor_counters counters{};
  counters.struct_size = offsetof(dh_advisor_counters, duplicates);
  counters.waited_ms = -1.0;
  dh_advisor_get_counters(session, &counters);
  EXPECT_EQ(counters.questions, 1U);
  EXPECT_EQ(counters.waited_ms, -1.0) << "not theirs to write";
  // As if it had ended before the metrics.
  dh_advisor_plan_finish finish{};
  finish.struct_size = offsetof(dh_advisor_plan_finish, metrics);
  finish.stop_reason = DH_ADVISOR_STOP_TOLERANCE;
  finish.metric_count = 100;
  EXPECT_EQ(dh_advisor_finish_plan(session, &finish), DH_ADVISOR_STATUS_OK) << dh_advisor_status(session);
  dh_advisor_close(session);
  EXPECT_EQ(dh_advisor_c_api_version(), DH_ADVISOR_C_API_VERSION);
}

}  // namespace
}  // namespace dh_advisor::testing
