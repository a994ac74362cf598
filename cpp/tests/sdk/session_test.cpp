#include "dh_advisor/session.h"

#include <gtest/gtest.h>

#include <array>
#include <future>

#include "dh_advisor/checks.h"
#include "scripted_advisor.h"

namespace dh_advisor::testing {
namespace {

TEST(Session, CarriesAWholePlan) {
  ScriptedAdvisor advisor(answer_well);
  auto session = Session::open(options_for(advisor), small_plan());
  ASSERT_TRUE(session->is_live()) << session->status().message;
  EXPECT_EQ(session->session_id(), "scripted");
  EXPECT_EQ(session->configuration_generation(), 7U);
  EXPECT_TRUE(session->is_served(Role::kStepDirection));
  EXPECT_TRUE(session->wants(TensorKind::kColumnNorm));
  EXPECT_FALSE(session->wants(TensorKind::kColumnNorm, 0));
  EXPECT_TRUE(session->wants(TensorKind::kGradient, 2));
  EXPECT_FALSE(session->wants(TensorKind::kGradient, 3));
  EXPECT_FALSE(session->wants(TensorKind::kVariance, 0));

  const GeometryAdvice geometry = session->ask_geometry({});
  ASSERT_TRUE(geometry.stages.has_value());
  EXPECT_EQ(geometry.stages->front().histogram_sigma_gy, 2.5);
  const LevelAdvice level = session->ask_level(level_zero());
  ASSERT_TRUE(level.initial_weights.has_value());
  EXPECT_EQ(level.initial_weights->size(), 4U);
  ASSERT_TRUE(level.variance_gy2.has_value());
  const IterationAdvice advice = session->ask_iteration(iteration_number(0));
  ASSERT_TRUE(advice.direction.has_value());
  EXPECT_EQ(advice.direction->direction[1], -1.0);
  EXPECT_EQ(advice.direction->step_length, 1.0);
  session->report(Role::kStepDirection, Verdict::kAccepted, 0, 0);
  session->tell_level_end({});
  EXPECT_TRUE(session->finish({}).ok());
  EXPECT_EQ(session->counters().questions, 5U);
  EXPECT_EQ(session->counters().answers, 5U);

  const auto events = advisor.events();
  ASSERT_EQ(events.size(), 6U);
  ASSERT_EQ(events[4].receipts_size(), 1);
  EXPECT_EQ(events[4].receipts(0).verdict(), pb::VERDICT_ACCEPTED);
  EXPECT_EQ(events[5].receipts_size(), 0);
}

TEST(Session, TellsTheNameOfAnotherSolver) {
  ScriptedAdvisor advisor(answer_well);
  PlanStart plan = small_plan();
  plan.solver = SolverKind::kOther;
  plan.solver_name = "projected Newton";
  EXPECT_TRUE(Session::open(options_for(advisor), plan)->is_live());
  const auto events = advisor.events();
  EXPECT_EQ(events[0].start().solver(), pb::SOLVER_OTHER);
  EXPECT_EQ(events[0].start().solver_name(), "projected Newton");
}

TEST(Session, TellsWhatTheClientsOwnChecksFound) {
  ScriptedAdvisor advisor(answer_well);
  CheckResult result;
  result.outcome = CheckOutcome::kFailed;
  result.field = "beams[2].gantry_deg";
  result.finding = "the doses look turned by 90 degrees";
  PlanStart plan = small_plan();
  plan.self_checks = {SelfCheck{CheckOutcome::kPassed, {}, {}}, self_check_of(result)};
  EXPECT_TRUE(Session::open(options_for(advisor), plan)->is_live());
  const auto events = advisor.events();
  ASSERT_EQ(events[0].start().self_checks_size(), 2);
  EXPECT_EQ(events[0].start().self_checks(0).outcome(), pb::SELF_CHECK_OUTCOME_PASSED);
  const pb::SelfCheck& failed = events[0].start().self_checks(1);
  EXPECT_EQ(failed.outcome(), pb::SELF_CHECK_OUTCOME_FAILED);
  EXPECT_EQ(failed.field(), "beams[2].gantry_deg");
  EXPECT_EQ(failed.finding(), "the doses look turned by 90 degrees");
  plan.self_checks[0].outcome = static_cast<CheckOutcome>(7);
  const auto refused = Session::open(options_for(advisor), plan);
  EXPECT_EQ(refused->status().code, StatusCode::kInvalidInput);
  EXPECT_NE(refused->status().message.find("self_checks[0].outcome"), std::string::npos);
}

TEST(Session, IsSilentWithoutAHost) {
  SessionOptions options;
  // A port of the discard service, which nobody serves on a test machine.
  options.address = "127.0.0.1:9";
  auto session = Session::open(options, small_plan());
  EXPECT_FALSE(session->is_live());
  EXPECT_EQ(session->status().code, StatusCode::kUnreachable);
  EXPECT_FALSE(session->ask_level(level_zero()).initial_weights.has_value());
  EXPECT_FALSE(session->finish({}).ok());
}

TEST(Session, SaysNothingWhenOff) {
  ScriptedAdvisor advisor(answer_well);
  SessionOptions options = options_for(advisor);
  options.mode = AdviceMode::kOff;
  auto session = Session::open(options, small_plan());
  EXPECT_FALSE(session->is_live());
  EXPECT_TRUE(advisor.events().empty());
}

TEST(Session, RefusesAPlanThatCannotBeSent) {
  ScriptedAdvisor advisor(answer_well);
  PlanStart plan = small_plan();
  plan.plan_key.clear();
  auto session = Session::open(options_for(advisor), plan);
  EXPECT_EQ(session->status().code, StatusCode::kInvalidInput);
  EXPECT_NE(session->status().message.find("plan_key"), std::string::npos);
}

TEST(Session, WithholdsAdviceInShadowMode) {
  ScriptedAdvisor advisor(answer_well);
  SessionOptions options = options_for(advisor);
  options.mode = AdviceMode::kShadow;
  auto session = Session::open(options, small_plan());
  const LevelAdvice level = session->ask_level(level_zero());
  EXPECT_FALSE(level.initial_weights.has_value());
  // Answers are not waited for in shadow mode; the good-bye takes those that are still on their way.
  EXPECT_TRUE(session->finish({}).ok());
  EXPECT_EQ(session->counters().verdicts.at({Role::kInitialization, Verdict::kShadow}), 1U);
  EXPECT_EQ(advisor.events()[0].start().advice_mode(), pb::ADVICE_MODE_SHADOW);
}

TEST(Session, CarriesOnWhenTheHostClosesCleanly) {
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    return !event.has_level_start() && answer_well(event, stream);
  });
  auto session = Session::open(options_for(advisor), small_plan());
  EXPECT_FALSE(session->ask_level(level_zero()).initial_weights.has_value());
  EXPECT_FALSE(session->is_live());
  EXPECT_EQ(session->status().code, StatusCode::kClosed);
}

TEST(Session, ReportsTheHostsRefusal) {
  ScriptedAdvisor advisor([](const pb::OptimizerEvent&, ScriptedAdvisor::Stream&) { return false; },
                          grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, "protocol 1 only"));
  auto session = Session::open(options_for(advisor), small_plan());
  EXPECT_EQ(session->status().code, StatusCode::kRefused);
  EXPECT_NE(session->status().message.find("protocol 1 only"), std::string::npos);
}

TEST(Session, SurvivesAKilledHost) {
  ScriptedAdvisor advisor(answer_well);
  auto session = Session::open(options_for(advisor), small_plan());
  session->ask_level(level_zero());
  advisor.kill();
  EXPECT_FALSE(session->ask_iteration(iteration_number(0)).stop.has_value());
  EXPECT_FALSE(session->is_live());
  EXPECT_FALSE(session->status().ok());
}

TEST(Session, FallsSilentAfterUnansweredQuestions) {
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    return event.has_iteration() || answer_well(event, stream);
  });
  SessionOptions options = options_for(advisor);
  options.iteration_deadline = std::chrono::milliseconds(5);
  auto session = Session::open(options, small_plan());
  for (std::uint32_t i = 0; i < 10; ++i) session->ask_iteration(iteration_number(i));
  EXPECT_FALSE(session->is_live());
  EXPECT_EQ(session->status().code, StatusCode::kSwitchedOff);
  EXPECT_EQ(session->counters().late, 3U);
  EXPECT_EQ(session->counters().verdicts.at({Role::kStepDirection, Verdict::kLate}), 3U);
}

TEST(Session, AnOptimizerMayComputeBeforeItTakesTheAnswer) {
  ScriptedAdvisor advisor(answer_well);
  auto session = Session::open(options_for(advisor), small_plan());
  EXPECT_FALSE(session->take_iteration().stop.has_value()) << "nothing was asked";
  for (std::uint32_t i = 0; i < 3; ++i) {
    session->post_iteration(iteration_number(i));
    EXPECT_TRUE(session->take_iteration().stop.has_value());
  }
  EXPECT_FALSE(session->take_iteration().stop.has_value()) << "taken once";
  EXPECT_EQ(session->counters().answers, 4U);
}

TEST(Session, AnAnswerThatIsThereWhenTakenIsNotLate) {
  // What the host has written need not have come through the connection yet, so the client gets a second and a third
  // try; a client that looked at the deadline first would miss each.
  std::array<std::promise<void>, 3> wrote;
  ScriptedAdvisor advisor([&wrote](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    const bool goes_on = answer_well(event, stream);
    if (event.has_iteration()) wrote.at(event.iteration().iteration()).set_value();
    return goes_on;
  });
  SessionOptions options = options_for(advisor);
  // Over before anything can be taken.
  options.iteration_deadline = std::chrono::milliseconds(0);
  auto session = Session::open(options, small_plan());
  bool is_there = false;
  for (std::uint32_t k = 0; k < wrote.size() && !is_there; ++k) {
    session->post_iteration(iteration_number(k));
    wrote.at(k).get_future().wait();
    is_there = session->take_iteration().stop.has_value();
  }
  EXPECT_TRUE(is_there);
}

TEST(Session, AnAnswerThatNobodyTookIsDropped) {
  ScriptedAdvisor advisor(answer_well);
  auto session = Session::open(options_for(advisor), small_plan());
  session->post_iteration(iteration_number(0));
  session->post_iteration(iteration_number(1));
  EXPECT_TRUE(session->ask_iteration(iteration_number(2)).stop.has_value());
  session->post_iteration(iteration_number(3));
  EXPECT_TRUE(session->ask_level(level_zero()).initial_weights.has_value());
  session->post_iteration(iteration_number(4));
  session->tell_level_end({});
  session->post_iteration(iteration_number(5));
  EXPECT_TRUE(session->finish({}).ok());
  EXPECT_EQ(session->counters().answers, 9U);
  EXPECT_EQ(session->counters().wrong_frames + session->counters().duplicates + session->counters().late, 0U);
}

TEST(Session, RemembersARoleThatHasNothingForThePlan) {
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    pb::AdvisorEvent answer = good_answer(event);
    if (event.has_iteration() && event.iteration().iteration() == 1) {
      pb::StepDirectionAdvice& direction = *answer.mutable_iteration()->mutable_step_direction();
      direction.Clear();
      direction.mutable_header()->set_role(pb::ROLE_STEP_DIRECTION);
      direction.mutable_header()->set_outcome(pb::OUTCOME_DEFAULT);
      direction.mutable_header()->set_reason("not-applicable");
    }
    return stream.Write(answer);
  });
  auto session = Session::open(options_for(advisor), small_plan());
  session->ask_iteration(iteration_number(0));
  EXPECT_FALSE(session->has_declined(Role::kStepDirection));
  session->ask_iteration(iteration_number(1));
  EXPECT_TRUE(session->has_declined(Role::kStepDirection));
  EXPECT_TRUE(session->is_served(Role::kStepDirection));
  EXPECT_FALSE(session->has_declined(Role::kEarlyStopping));
}

TEST(Session, AKilledHostLeavesNothingToTake) {
  ScriptedAdvisor advisor(answer_well);
  auto session = Session::open(options_for(advisor), small_plan());
  session->ask_level(level_zero());
  advisor.kill();
  session->post_iteration(iteration_number(0));
  EXPECT_FALSE(session->take_iteration().stop.has_value());
  EXPECT_FALSE(session->is_live());
}

TEST(Session, NeverBlocksOnAHostThatStopsReading) {
  std::promise<void> test_is_over;
  const std::shared_future<void> released = test_is_over.get_future().share();
  ScriptedAdvisor advisor([released](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    answer_well(event, stream);
    released.wait();
    return false;
  });
  SessionOptions options = options_for(advisor);
  options.iteration_deadline = std::chrono::milliseconds(5);
  options.breaker_threshold = 20;
  auto session = Session::open(options, small_plan());
  const std::vector<double> large(1 << 18, 1.0);
  for (std::uint32_t i = 0; i < 5; ++i) {
    Iteration iteration = iteration_number(i);
    TensorView view;
    view.data = large.data();
    view.shape = {static_cast<std::uint32_t>(large.size())};
    iteration.tensors.push_back(view);
    EXPECT_FALSE(session->ask_iteration(iteration).stop.has_value());
  }
  EXPECT_EQ(session->counters().late, 5U);
  test_is_over.set_value();
}

}  // namespace
}  // namespace dh_advisor::testing
