// However a host drags things out, a question ends by its deadline and a plan does not become many times longer.
#include <gtest/gtest.h>

#include <limits>

#include "dh_advisor/session.h"
#include "scripted_advisor.h"
#include "wait_budget.h"

namespace dh_advisor::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

// A session that waits out these would take hours.
SessionOptions endless(const ScriptedAdvisor& advisor) {
  SessionOptions options = options_for(advisor);
  options.start_deadline = options.iteration_deadline = std::chrono::hours(1);
  return options;
}

pb::AdvisorEvent notice() {
  pb::AdvisorEvent event;
  event.mutable_notice()->set_text("nothing");
  return event;
}

/// Writes one message for ever.
bool flood(const pb::AdvisorEvent& message, ScriptedAdvisor::Stream& stream) {
  while (stream.Write(message)) {
  }
  return false;
}

TEST(Flood, OfNoticesEndsTheSession) {
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    return event.has_iteration() ? flood(notice(), stream) : answer_well(event, stream);
  });
  auto session = Session::open(endless(advisor), small_plan());
  EXPECT_FALSE(session->ask_iteration(iteration_number(0)).stop.has_value());
  EXPECT_FALSE(session->is_live());
  EXPECT_EQ(session->status().code, StatusCode::kProtocolError);
  EXPECT_NE(session->status().message.find("64 messages"), std::string::npos) << session->status().message;
}

TEST(Flood, OfDuplicatesEndsTheSession) {
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    answer_well(event, stream);
    return !event.has_level_start() || flood(good_answer(event), stream);
  });
  auto session = Session::open(endless(advisor), small_plan());
  EXPECT_TRUE(session->ask_level(level_zero()).initial_weights.has_value());
  session->ask_iteration(iteration_number(0));
  EXPECT_EQ(session->status().code, StatusCode::kProtocolError);
}

TEST(Flood, OfMessagesThatSayNothingEndsTheSession) {
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    return event.has_geometry() ? flood(pb::AdvisorEvent(), stream) : answer_well(event, stream);
  });
  auto session = Session::open(endless(advisor), small_plan());
  session->ask_geometry({});
  EXPECT_EQ(session->status().code, StatusCode::kProtocolError);
}

TEST(Flood, DoesNotHoldUpTheGoodBye) {
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    answer_well(event, stream);
    return !event.has_finish() || flood(notice(), stream);
  });
  auto session = Session::open(endless(advisor), small_plan());
  EXPECT_TRUE(session->finish({}).ok()) << "the summary came first";
  EXPECT_FALSE(session->is_live());
}

TEST(Flood, DoesNotHoldUpTheOpening) {
  ScriptedAdvisor advisor(
      [](const pb::OptimizerEvent&, ScriptedAdvisor::Stream& stream) { return flood(notice(), stream); });
  SessionOptions options = endless(advisor);
  options.connect_deadline = std::chrono::hours(1);
  EXPECT_EQ(Session::open(options, small_plan())->status().code, StatusCode::kProtocolError);
}

TEST(Flood, AFewNoticesAreNone) {
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    for (int i = 0; i < 20; ++i) stream.Write(notice());
    return answer_well(event, stream);
  });
  auto session = Session::open(options_for(advisor), small_plan());
  session->ask_level(level_zero());
  EXPECT_TRUE(session->ask_iteration(iteration_number(0)).stop.has_value());
  EXPECT_TRUE(session->finish({}).ok());
}

TEST(Finish, SaysWhenNoSummaryCameAndHalfClosesAllTheSame) {
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    return event.has_finish() || answer_well(event, stream);
  });
  SessionOptions options = options_for(advisor);
  options.start_deadline = milliseconds(800);
  auto session = Session::open(options, small_plan());
  session->report(Role::kInitialization, Verdict::kAccepted, 0);
  const Status status = session->finish({});
  EXPECT_EQ(status.code, StatusCode::kDeadlineExceeded) << status.message;
  EXPECT_FALSE(session->is_live());
  EXPECT_EQ(session->status().code, StatusCode::kDeadlineExceeded);
  EXPECT_TRUE(advisor.was_closed_well());
  EXPECT_EQ(advisor.events().back().receipts_size(), 1) << "the last receipts are not lost";
}

TEST(Finish, TakesNoLongerThanItsDeadlineInAll) {
  // Sums up, and then never ends the stream.
  std::promise<void> test_is_over;
  const auto released = test_is_over.get_future().share();
  ScriptedAdvisor advisor([released](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    answer_well(event, stream);
    if (event.has_finish()) released.wait();
    return !event.has_finish();
  });
  SessionOptions options = options_for(advisor);
  options.start_deadline = milliseconds(300);
  auto session = Session::open(options, small_plan());
  const auto begun = Clock::now();
  EXPECT_TRUE(session->finish({}).ok());
  EXPECT_GE(Clock::now() - begun, milliseconds(299));
  EXPECT_LT(Clock::now() - begun, seconds(5));
  test_is_over.set_value();
}

TEST(Deadlines, OfAnyLengthAreUsable) {
  ScriptedAdvisor advisor(answer_well);
  for (const milliseconds length : {milliseconds::max(), milliseconds(std::numeric_limits<int>::max())}) {
    SessionOptions options = options_for(advisor);
    options.connect_deadline = options.start_deadline = options.iteration_deadline = options.wait_allowance = length;
    auto session = Session::open(options, small_plan());
    EXPECT_TRUE(session->ask_level(level_zero()).initial_weights.has_value());
    EXPECT_TRUE(session->ask_iteration(iteration_number(0)).stop.has_value());
  }
}

TEST(Deadlines, BelowZeroCountAsNone) {
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    return !event.has_start() || answer_well(event, stream);
  });
  for (const milliseconds length : {milliseconds::min(), milliseconds(-1), milliseconds(0)}) {
    SessionOptions options = options_for(advisor);
    options.start_deadline = options.iteration_deadline = options.wait_allowance = length;
    options.breaker_threshold = std::numeric_limits<int>::min();
    auto session = Session::open(options, small_plan());
    ASSERT_TRUE(session->is_live());
    EXPECT_FALSE(session->ask_level(level_zero()).initial_weights.has_value());
    EXPECT_EQ(session->counters().late, 1U);
    EXPECT_FALSE(session->is_live()) << "a breaker threshold below 1 is 1";
    options.connect_deadline = length;
    Session::open(options, small_plan());  // Accepted or not, it does not hang.
  }
}

TEST(Shadow, NeverWaitsForAnAnswer) {
  // Answers nothing but the opening and the good-bye.
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    return event.has_start() || event.has_finish() ? answer_well(event, stream) : true;
  });
  SessionOptions options = endless(advisor);
  options.mode = AdviceMode::kShadow;
  auto session = Session::open(options, small_plan());
  session->ask_geometry({});
  session->ask_level(level_zero());
  for (std::uint32_t i = 0; i < 50; ++i) session->ask_iteration(iteration_number(i));
  EXPECT_TRUE(session->is_live()) << session->status().message;
  EXPECT_EQ(session->counters().questions, 53U);
  EXPECT_EQ(session->counters().late, 0U);
}

TEST(Shadow, CountsAnswersThatHaveCome) {
  ScriptedAdvisor advisor(answer_well);
  SessionOptions options = options_for(advisor);
  options.mode = AdviceMode::kShadow;
  auto session = Session::open(options, small_plan());
  session->ask_geometry({});
  session->ask_level(level_zero());
  for (std::uint32_t i = 0; i < 100; ++i) {
    EXPECT_FALSE(session->ask_iteration(iteration_number(i)).direction.has_value());
  }
  EXPECT_TRUE(session->finish({}).ok());
  const SessionCounters counters = session->counters();
  EXPECT_EQ(counters.questions, 104U);
  EXPECT_EQ(counters.answers, 104U);
  EXPECT_EQ(counters.verdicts.at({Role::kStepDirection, Verdict::kShadow}), 100U);
  EXPECT_EQ(counters.wrong_frames + counters.duplicates + counters.late, 0U);
}

TEST(WaitBudget, IsAnAllowanceAndAShareOfTheComputing) {
  SessionOptions options;
  WaitBudget budget(options);
  budget.add_iteration_wait(milliseconds(500));
  EXPECT_FALSE(budget.is_spent(milliseconds(0)));
  budget.add_iteration_wait(milliseconds(100));
  EXPECT_TRUE(budget.is_spent(milliseconds(99)));
  EXPECT_FALSE(budget.is_spent(milliseconds(100)));
}

TEST(WaitBudget, ChargesStartsAboveOneDeadlineOnly) {
  SessionOptions options;
  options.start_deadline = seconds(2);
  options.wait_allowance = milliseconds(0);
  WaitBudget budget(options);
  budget.add_start_wait(milliseconds(1900));
  EXPECT_FALSE(budget.is_spent(milliseconds(1)));
  budget.add_start_wait(milliseconds(300));
  EXPECT_TRUE(budget.is_spent(milliseconds(199)));
  EXPECT_FALSE(budget.is_spent(milliseconds(200)));
}

TEST(WaitBudget, IsOffForAPatientClientUnlessItSaysOtherwise) {
  SessionOptions options;
  options.iteration_deadline = seconds(10);
  WaitBudget none(options);
  none.add_iteration_wait(std::chrono::hours(5));
  EXPECT_FALSE(none.is_spent(milliseconds(0)));
  options.wait_share = 0.5;
  WaitBudget told(options);
  told.add_iteration_wait(seconds(2));
  EXPECT_TRUE(told.is_spent(seconds(1)));
  options.wait_share = std::numeric_limits<double>::infinity();
  options.iteration_deadline = milliseconds(50);
  WaitBudget off(options);
  off.add_iteration_wait(std::chrono::hours(5));
  EXPECT_FALSE(off.is_spent(milliseconds(0)));
}

TEST(WaitBudget, SilencesTheSessionThatSpentIt) {
  // No answer to an iteration: each is waited for in full, and the breaker would let 1000 pass.
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    return event.has_iteration() || answer_well(event, stream);
  });
  SessionOptions options = options_for(advisor);
  options.iteration_deadline = milliseconds(10);
  options.breaker_threshold = 1000;
  options.wait_share = 0.5;
  options.wait_allowance = milliseconds(50);
  auto session = Session::open(options, small_plan());
  for (std::uint32_t i = 0; i < 100; ++i) session->ask_iteration(iteration_number(i));
  EXPECT_FALSE(session->is_live());
  EXPECT_EQ(session->status().code, StatusCode::kSwitchedOff);
  EXPECT_NE(session->status().message.find("has waited"), std::string::npos) << session->status().message;
  EXPECT_LT(session->counters().questions, 50U);
}

}  // namespace
}  // namespace dh_advisor::testing
