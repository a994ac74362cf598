// What a plan says of itself for people, and what the host says of itself at the end.
#include <gtest/gtest.h>

#include "checksum.h"
#include "dh_advisor/c_api.h"
#include "dh_advisor/session.h"
#include "scripted_advisor.h"

namespace dh_advisor::testing {
namespace {

TEST(Description, QualityAndLabelTravelWithTheStart) {
  ScriptedAdvisor advisor(answer_well);
  PlanStart plan = small_plan();
  plan.quality = Quality::kStrict;
  plan.label = "head and neck 12";
  Session::open(options_for(advisor), plan);
  const pb::PlanStart start = advisor.events().at(0).start();
  EXPECT_EQ(start.quality(), pb::QUALITY_STRICT);
  EXPECT_EQ(start.label(), "head and neck 12");
}

TEST(Description, APlanThatSaysNothingSendsNothing) {
  ScriptedAdvisor advisor(answer_well);
  Session::open(options_for(advisor), small_plan());
  EXPECT_EQ(advisor.events().at(0).start().quality(), pb::QUALITY_UNSPECIFIED);
  EXPECT_EQ(advisor.events().at(0).start().label(), "");
}

TEST(Description, CurvesSlicesAndThePlanWithoutAdviceTravelWithTheGoodBye) {
  ScriptedAdvisor advisor(answer_well);
  const auto session = Session::open(options_for(advisor), small_plan());
  PlanFinish finish;
  finish.curves = {{0, {{0.0, 1.0}, {60.0, 0.5}}}};
  finish.slices = {{Plane::kCoronal, 1, 2, {59.5F, 60.5F}, 2.0, 3.0}};
  finish.unadvised = {1.5, 400.0, {{0, "D95", 57.0, "Gy"}}, {{0, {{0.0, 1.0}}}}};
  EXPECT_TRUE(session->finish(finish).ok());
  const pb::PlanFinish sent = advisor.events().at(1).finish();
  EXPECT_EQ(sent.curves(0).points(1).volume_fraction(), 0.5);
  EXPECT_EQ(sent.slices(0).plane(), pb::PLANE_CORONAL);
  EXPECT_EQ(sent.slices(0).dose_gy().data_type(), pb::DATA_TYPE_FLOAT32);
  EXPECT_EQ(sent.slices(0).dose_gy().crc32c(), crc32c(sent.slices(0).dose_gy().data()));
  EXPECT_EQ(sent.slices(0).column_spacing_mm(), 3.0);
  EXPECT_EQ(sent.unadvised().reference_objective(), 1.5);
  EXPECT_EQ(sent.unadvised().metrics(0).value(), 57.0);
  EXPECT_EQ(sent.unadvised().curves_size(), 1);
}

TEST(Description, TheHostSaysWhereAdviceCameFromWhenThePlanIsOver) {
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    if (!event.has_finish()) return answer_well(event, stream);
    pb::AdvisorEvent answer;
    pb::Provenance& provenance = *answer.mutable_summary()->mutable_provenance();
    provenance.set_host("dh-advisor 0.1.0");
    provenance.set_quality(pb::QUALITY_BALANCED);
    provenance.set_answers(3);
    pb::RoleBinding& binding = *provenance.add_bindings();
    binding.set_role(pb::ROLE_EARLY_STOPPING);
    binding.set_plugin("plateau");
    stream.Write(answer);
    return false;
  });
  const auto session = Session::open(options_for(advisor), small_plan());
  EXPECT_FALSE(session->provenance().has_value());
  session->finish({});
  const auto provenance = session->provenance();
  ASSERT_TRUE(provenance.has_value());
  EXPECT_EQ(provenance->host, "dh-advisor 0.1.0");
  EXPECT_EQ(provenance->quality, Quality::kBalanced);
  EXPECT_EQ(provenance->answers, 3U);
  EXPECT_EQ(provenance->bindings.at(0).plugin, "plateau");
}

TEST(Description, AHostThatSaysNothingOfItselfLeavesNothing) {
  ScriptedAdvisor advisor(answer_well);
  const auto session = Session::open(options_for(advisor), small_plan());
  session->finish({});
  EXPECT_FALSE(session->provenance().has_value());
}

TEST(Description, WhatAPluginSaidWhenItGaveNothingIsKept) {
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    if (!event.has_level_start()) return answer_well(event, stream);
    pb::AdvisorEvent answer = good_answer(event);
    pb::AdviceHeader& header = *answer.mutable_level()->mutable_initialization()->mutable_header();
    header.set_outcome(pb::OUTCOME_DEFAULT);
    header.set_detail("no target in reach");
    return stream.Write(answer);
  });
  const auto session = Session::open(options_for(advisor), small_plan());
  session->ask_level(level_zero());
  EXPECT_EQ(session->counters().details.at(Role::kInitialization), "no target in reach");
}

TEST(Description, CProgramsDescribeThePlanInTheOptions) {
  ScriptedAdvisor advisor(answer_well);
  const std::string address = advisor.address();
  dh_advisor_session_options options{};
  options.struct_size = sizeof options;
  options.address = address.c_str();
  options.mode = DH_ADVISOR_MODE_ADVISE;
  options.connect_deadline_ms = 10000;
  options.start_deadline_ms = 10000;
  options.plan_quality = DH_ADVISOR_QUALITY_FAST;
  options.plan_label = "phantom";
  options.plan_solver_name = "newton";
  const dh_advisor_structure structure{"PTV", "", 1, 1.0, 1, 1.0, nullptr, 0, 60.0, 0};
  const dh_advisor_beam beam{0.0, 0.0, 2, 2, 5.0, 5.0};
  const dh_advisor_level_plan level{4, 2.5, 1.5625, 9.375, 500, 1e-6};
  dh_advisor_plan plan{};
  plan.client = "c";
  plan.plan_key = "k";
  plan.patient_key = "";
  plan.solver = DH_ADVISOR_SOLVER_OTHER;
  plan.structures = &structure;
  plan.structure_count = 1;
  plan.beams = &beam;
  plan.beam_count = 1;
  plan.levels = &level;
  plan.level_count = 1;
  plan.weight_ceiling = 0.2;
  plan.weight_steepness = 1.0;
  dh_advisor_session* const session = dh_advisor_open_with(&options, &plan);
  const dh_advisor_dose_volume_point points[] = {{0.0, 1.0}, {60.0, 0.5}};
  const dh_advisor_dose_volume_curve curve{0, points, 2};
  dh_advisor_plan_finish finish{};
  finish.struct_size = sizeof finish;
  finish.stop_reason = DH_ADVISOR_STOP_TOLERANCE;
  finish.curves = &curve;
  finish.curve_count = 1;
  EXPECT_EQ(dh_advisor_finish_plan(session, &finish), DH_ADVISOR_STATUS_OK);
  dh_advisor_close(session);
  const auto events = advisor.events();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].start().quality(), pb::QUALITY_FAST);
  EXPECT_EQ(events[0].start().label(), "phantom");
  EXPECT_EQ(events[0].start().solver_name(), "newton");
  EXPECT_EQ(events[1].finish().curves(0).points_size(), 2);
}

}  // namespace
}  // namespace dh_advisor::testing
