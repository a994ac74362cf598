// Nothing is thrown out of a session, whatever fails inside the client, and nothing is printed.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>

#include "dh_advisor/session.h"
#include "failures.h"
#include "scripted_advisor.h"

namespace dh_advisor::testing {
namespace {

// Larger than anything but the vectors of this plan.
constexpr std::uint32_t kBeamlets = 1 << 18;
constexpr std::size_t kVectorBytes = kBeamlets * sizeof(double);

PlanStart large_plan() {
  PlanStart plan = small_plan();
  plan.beams[0].columns = plan.levels[0].beamlet_count = kBeamlets;
  return plan;
}

LevelStart large_level() {
  LevelStart start = level_zero();
  start.beamlet_count = kBeamlets;
  return start;
}

TEST(Boundary, NoMemoryForAQuestion) {
  ScriptedAdvisor advisor(answer_well);
  auto session = Session::open(options_for(advisor), large_plan());
  ASSERT_TRUE(session->is_live()) << session->status().message;
  const std::vector<double> norms(kBeamlets, 1.0);
  LevelStart start = large_level();
  start.tensors = {{TensorKind::kColumnNorm, norms.data(), {kBeamlets}}};
  {
    NoLargeMemory none(kVectorBytes);
    EXPECT_FALSE(session->ask_level(start).initial_weights.has_value());
  }
  EXPECT_EQ(session->status().code, StatusCode::kFault);
  EXPECT_NE(session->status().message.find("out of memory"), std::string::npos);
  EXPECT_FALSE(session->ask_level(start).initial_weights.has_value()) << "silent for good";
}

TEST(Boundary, NoMemoryForAnAnswer) {
  ScriptedAdvisor advisor(answer_well);
  auto session = Session::open(options_for(advisor), large_plan());
  {
    NoLargeMemory none(kVectorBytes);
    EXPECT_FALSE(session->ask_level(large_level()).initial_weights.has_value());
  }
  EXPECT_EQ(session->status().code, StatusCode::kFault);
}

TEST(Boundary, NoMemoryForAGoodBye) {
  ScriptedAdvisor advisor(answer_well);
  auto session = Session::open(options_for(advisor), large_plan());
  PlanFinish finish;
  finish.final_weights.assign(kBeamlets, 0.1);
  NoLargeMemory none(kVectorBytes);
  EXPECT_EQ(session->finish(finish).code, StatusCode::kFault);
}

TEST(Boundary, NoMemoryForThePlan) {
  ScriptedAdvisor advisor(answer_well);
  PlanStart plan = small_plan();
  plan.structures[0].prescription.assign(1 << 20, {1.0, 0.5});
  NoLargeMemory none(1 << 20);
  auto session = Session::open(options_for(advisor), plan);
  EXPECT_EQ(session->status().code, StatusCode::kFault);
  EXPECT_FALSE(session->is_live());
}

TEST(Boundary, ASessionWithoutMemoryForItselfIsSilent) {
  ScriptedAdvisor advisor(answer_well);
  const PlanStart plan = small_plan();
  const SessionOptions options = options_for(advisor);
  std::unique_ptr<Session> session;
  {
    NoLargeMemory none(sizeof(SessionCounters));
    session = Session::open(options, plan);
  }
  ASSERT_NE(session, nullptr);
  EXPECT_EQ(session->status().code, StatusCode::kFault);
  EXPECT_FALSE(session->is_live() || session->wants(TensorKind::kGradient) ||
               session->wants(TensorKind::kGradient, 0) || session->is_served(Role::kInitialization) ||
               session->has_declined(Role::kInitialization));
  EXPECT_EQ(session->session_id(), "");
  EXPECT_TRUE(session->bindings().empty());
  EXPECT_EQ(session->configuration_generation(), 0U);
  EXPECT_FALSE(session->ask_geometry({}).stages.has_value());
  EXPECT_FALSE(session->ask_level(level_zero()).initial_weights.has_value());
  EXPECT_FALSE(session->ask_iteration(iteration_number(0)).stop.has_value());
  EXPECT_EQ(session->send_volume({}).code, StatusCode::kFault);
  session->tell_level_end({});
  session->report(Role::kInitialization, Verdict::kAccepted, 0);
  EXPECT_EQ(session->finish({}).code, StatusCode::kFault);
  EXPECT_EQ(session->counters().questions, 0U);
}

TEST(Boundary, NoThreadForTheConnection) {
  ScriptedAdvisor advisor(answer_well);
  NoThreads none;
  auto session = Session::open(options_for(advisor), small_plan());
  EXPECT_EQ(session->status().code, StatusCode::kFault) << session->status().message;
  EXPECT_FALSE(session->ask_level(level_zero()).initial_weights.has_value());
}

TEST(Boundary, AGeometryQuestionAfterAPostedIterationDropsItsAnswer) {
  ScriptedAdvisor advisor(answer_well);
  auto session = Session::open(options_for(advisor), small_plan());
  session->post_iteration(iteration_number(0));
  EXPECT_TRUE(session->ask_geometry({}).stages.has_value());
  session->post_iteration(iteration_number(1));
  session->send_volume({});
  EXPECT_TRUE(session->ask_geometry({}).stages.has_value());
  EXPECT_EQ(session->counters().answers, 5U);
  EXPECT_EQ(session->counters().wrong_frames, 0U);
}

TEST(Undecodable, EndsTheSessionAndPrintsNothing) {
  // Protobuf text must be UTF-8; the bytes of a good answer with one letter spoilt are what a bad cable makes of it.
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    pb::AdvisorEvent answer = good_answer(event);
    if (event.has_iteration()) answer.mutable_iteration()->mutable_early_stopping()->set_explanation("sp\xffoilt");
    return stream.Write(answer);
  });
  auto session = Session::open(options_for(advisor), small_plan());
  ::testing::internal::CaptureStderr();
  const IterationAdvice advice = session->ask_iteration(iteration_number(0));
  const std::string printed = ::testing::internal::GetCapturedStderr();
  EXPECT_FALSE(advice.stop.has_value());
  EXPECT_EQ(session->status().code, StatusCode::kProtocolError);
  EXPECT_NE(session->status().message.find("can't be decoded"), std::string::npos) << session->status().message;
  EXPECT_NE(session->status().message.find("UTF-8"), std::string::npos) << session->status().message;
  // The scripted host, in this process, may complain as it writes; the client must not as it reads.
  EXPECT_EQ(printed.find("when parsing"), std::string::npos) << printed;
}

TEST(Proxy, OfTheEnvironmentIsNotAskedUnlessWanted) {
  ScriptedAdvisor advisor(answer_well);
  ASSERT_EQ(setenv("http_proxy", "http://127.0.0.1:9", 1), 0);
  SessionOptions options = options_for(advisor);
  EXPECT_TRUE(Session::open(options, small_plan())->is_live());
  options.uses_http_proxy = true;
  EXPECT_EQ(Session::open(options, small_plan())->status().code, StatusCode::kUnreachable);
  unsetenv("http_proxy");
}

}  // namespace
}  // namespace dh_advisor::testing
