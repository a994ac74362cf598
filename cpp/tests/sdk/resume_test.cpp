#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "dh_advisor/session.h"
#include "scripted_advisor.h"

namespace dh_advisor::testing {
namespace {

using std::chrono::milliseconds;

const grpc::Status kGone(grpc::StatusCode::UNAVAILABLE, "gone");

pb::AdvisorEvent accepted_with(const std::string& token, bool is_taken_over = false) {
  pb::OptimizerEvent start;
  start.mutable_start();
  pb::AdvisorEvent answer = good_answer(start);
  answer.mutable_accepted()->set_resume_token(token);
  answer.mutable_accepted()->set_is_taken_over(is_taken_over);
  return answer;
}

LevelStart stage(std::uint32_t number) {
  LevelStart start = level_zero();
  start.stage = number;
  return start;
}

/// Cuts the stream at the first iteration of every stage named, and takes back whoever shows the newest token.
class CuttingScript {
 public:
  explicit CuttingScript(std::set<std::uint32_t> cut_stages, bool takes_over = false)
      : cut_stages_(std::move(cut_stages)), takes_over_(takes_over) {}

  bool operator()(const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    if (event.has_start()) {
      const std::string& shown = event.start().resume_token();
      if (shown != token_) return false;
      token_ = "token " + std::to_string(++starts_);
      stream.Write(accepted_with(token_, takes_over_ && starts_ > 1));
      return true;
    }
    if (event.has_iteration() && cut_stages_.count(event.iteration().stage()) > 0) return false;
    return answer_well(event, stream);
  }

 private:
  std::set<std::uint32_t> cut_stages_;
  bool takes_over_;
  std::string token_;
  int starts_ = 0;
};

TEST(Resume, GoesOnAtTheNextStageAndFinishes) {
  ScriptedAdvisor advisor(CuttingScript({0, 1}), kGone);
  auto session = Session::open(options_for(advisor), small_plan());
  ASSERT_TRUE(session->is_live()) << session->status().message;
  session->ask_geometry({});
  for (std::uint32_t number : {0U, 1U}) {
    EXPECT_TRUE(session->ask_level(stage(number)).initial_weights.has_value());
    Iteration iteration = iteration_number(0);
    iteration.stage = number;
    EXPECT_FALSE(session->ask_iteration(iteration).direction.has_value());
    // Without advice, and it says so, until the stage is over.
    EXPECT_FALSE(session->is_live());
    EXPECT_TRUE(session->may_resume());
    EXPECT_EQ(session->status().code, StatusCode::kUnreachable);
    session->tell_level_end({});
  }
  EXPECT_TRUE(session->ask_level(stage(2)).initial_weights.has_value());
  EXPECT_TRUE(session->status().ok());
  EXPECT_TRUE(session->finish({}).ok());
  EXPECT_EQ(session->counters().resumptions, 2U);
  std::vector<std::string> shown;
  int geometries = 0;
  for (const auto& event : advisor.events()) {
    if (event.has_start()) shown.push_back(event.start().resume_token());
    if (event.has_start()) {
      EXPECT_EQ(event.start().plan_key(), "plan");
    }
    geometries += event.has_geometry() ? 1 : 0;
  }
  EXPECT_EQ(shown, (std::vector<std::string>{"", "token 1", "token 2"}));
  EXPECT_EQ(geometries, 1);
}

TEST(Resume, TellsTheGeometryAgainToAHostThatTookThePlanOver) {
  ScriptedAdvisor advisor(CuttingScript({0}, true), kGone);
  auto session = Session::open(options_for(advisor), small_plan());
  session->ask_geometry({});
  session->ask_level(stage(0));
  session->ask_iteration(iteration_number(0));
  EXPECT_TRUE(session->ask_level(stage(1)).initial_weights.has_value());
  int geometries = 0;
  for (const auto& event : advisor.events()) geometries += event.has_geometry() ? 1 : 0;
  EXPECT_EQ(geometries, 2);
}

TEST(Resume, DoesNotGoOnWithoutTheVolumesOfThePlan) {
  ScriptedAdvisor advisor(CuttingScript({0}, true), kGone);
  auto session = Session::open(options_for(advisor), small_plan());
  const std::vector<std::int16_t> voxels(8);
  ASSERT_TRUE(session->send_volume({TensorKind::kCt, voxels.data(), {2, 2, 2}, {1.0, 1.0, 1.0}}).ok());
  session->ask_level(stage(0));
  session->ask_iteration(iteration_number(0));
  EXPECT_FALSE(session->ask_level(stage(1)).initial_weights.has_value());
  EXPECT_FALSE(session->may_resume());
  EXPECT_EQ(session->status().code, StatusCode::kClosed);
}

TEST(Resume, BooksAPlanThatBrokeInItsLastStage) {
  ScriptedAdvisor advisor(CuttingScript({0}), kGone);
  auto session = Session::open(options_for(advisor), small_plan());
  session->ask_level(stage(0));
  session->ask_iteration(iteration_number(0));
  EXPECT_TRUE(session->finish({}).ok()) << session->status().message;
  EXPECT_TRUE(advisor.events().back().has_finish());
}

TEST(Resume, IsSilentForGoodWhenTheHostRefuses) {
  std::atomic<int> starts{0};
  ScriptedAdvisor advisor(
      [&](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
        if (event.has_start()) {
          if (starts++ > 0) return false;
          stream.Write(accepted_with("token"));
          return true;
        }
        return false;
      },
      grpc::Status(grpc::StatusCode::NOT_FOUND, "no such session"));
  auto session = Session::open(options_for(advisor), small_plan());
  // Refused in the middle is no break: nothing to come back to.
  session->ask_level(stage(0));
  EXPECT_EQ(session->status().code, StatusCode::kRefused);
  EXPECT_FALSE(session->may_resume());
  session->ask_level(stage(1));
  EXPECT_EQ(starts, 1);
}

TEST(Resume, IsRefusedOnceAndNotTriedAgain) {
  std::atomic<int> starts{0};
  auto first = std::make_unique<ScriptedAdvisor>([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    if (event.has_start()) return stream.Write(accepted_with("token"));
    return answer_well(event, stream);
  });
  ScriptedAdvisor second(
      [&](const pb::OptimizerEvent&, ScriptedAdvisor::Stream&) {
        ++starts;
        return false;
      },
      grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, "other versions"));
  SessionOptions options = options_for(*first);
  // Two hosts under one address, as a name server would have them.
  options.address = "ipv4:" + first->address() + "," + second.address();
  auto session = Session::open(options, small_plan());
  ASSERT_TRUE(session->is_live()) << session->status().message;
  first.reset();
  session->ask_level(stage(0));
  session->ask_level(stage(1));
  EXPECT_EQ(starts, 1);
  EXPECT_EQ(session->status().code, StatusCode::kRefused);
  EXPECT_NE(session->status().message.find("other versions"), std::string::npos);
  EXPECT_FALSE(session->may_resume());
}

TEST(Resume, GoesOnAtAnotherHostUnderTheSameAddress) {
  CuttingScript script({}, true);
  const auto shared = [&](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    return script(event, stream);
  };
  auto first = std::make_unique<ScriptedAdvisor>(shared);
  ScriptedAdvisor second(shared);
  SessionOptions options = options_for(*first);
  options.address = "ipv4:" + first->address() + "," + second.address();
  auto session = Session::open(options, small_plan());
  session->ask_geometry({});
  session->ask_level(stage(0));
  first.reset();
  EXPECT_TRUE(session->ask_level(stage(1)).initial_weights.has_value()
              // The end is seen when it is met: the stage in which it is met has no advice.
              || session->ask_level(stage(2)).initial_weights.has_value());
  EXPECT_EQ(session->counters().resumptions, 1U);
  EXPECT_TRUE(session->finish({}).ok());
}

TEST(Resume, BlocksNoLongerThanTheDeadlineAndTriesInBounds) {
  auto advisor = std::make_unique<ScriptedAdvisor>(CuttingScript({0}), kGone);
  SessionOptions options = options_for(*advisor);
  auto session = Session::open(options, small_plan());
  session->ask_level(stage(0));
  session->ask_iteration(iteration_number(0));
  advisor.reset();
  const auto begun = std::chrono::steady_clock::now();
  // Thousands of stages of a plan whose host is gone: most of them ask nobody.
  for (std::uint32_t number = 1; number < 5000; ++number) session->ask_level(stage(number));
  EXPECT_LT(session->counters().questions, 2U + 1U + 8U + 1U);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5) + options.start_deadline);
  EXPECT_EQ(session->status().code, StatusCode::kUnreachable);
}

TEST(Resume, WaitsWithinTheBudgetOfThePlan) {
  std::atomic<int> starts{0};
  ScriptedAdvisor advisor(
      [&](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
        if (!event.has_start()) return false;
        // Takes the plan, and later never answers.
        if (starts++ == 0) stream.Write(accepted_with("token"));
        return true;
      },
      kGone);
  SessionOptions options = options_for(advisor);
  options.start_deadline = milliseconds(200);
  options.wait_share = 0.0;
  options.wait_allowance = milliseconds(0);
  auto session = Session::open(options, small_plan());
  session->ask_level(stage(0));
  EXPECT_TRUE(session->may_resume());
  const auto begun = std::chrono::steady_clock::now();
  for (std::uint32_t number = 1; starts < 6 && session->may_resume(); ++number) {
    session->ask_level(stage(number));
    if (std::chrono::steady_clock::now() - begun > std::chrono::seconds(120)) break;
  }
  // Half a start deadline each, and one start deadline is free.
  EXPECT_LE(starts, 1 + 3);
  EXPECT_EQ(session->status().code, StatusCode::kSwitchedOff);
}

TEST(Resume, ComesBackAfterAHostThatWentAwayInGoodOrder) {
  std::atomic<int> starts{0};
  ScriptedAdvisor advisor([&](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    if (event.has_start()) return ++starts, stream.Write(accepted_with("token " + std::to_string(starts)));
    if (event.has_iteration()) {
      pb::AdvisorEvent notice;
      notice.mutable_notice()->set_kind(pb::NOTICE_KIND_DRAINING);
      stream.Write(notice);
      return false;
    }
    return answer_well(event, stream);
  });
  auto session = Session::open(options_for(advisor), small_plan());
  session->ask_level(stage(0));
  session->ask_iteration(iteration_number(0));
  EXPECT_FALSE(session->is_live());
  EXPECT_TRUE(session->ask_level(stage(1)).initial_weights.has_value());
  EXPECT_EQ(starts, 2);
}

TEST(Resume, LeavesAloneAHostThatClosedWithoutANotice) {
  ScriptedAdvisor advisor([&](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    if (event.has_start()) return stream.Write(accepted_with("token"));
    return false;
  });
  auto session = Session::open(options_for(advisor), small_plan());
  session->ask_level(stage(0));
  EXPECT_EQ(session->status().code, StatusCode::kClosed);
  EXPECT_FALSE(session->resume());
  EXPECT_FALSE(session->may_resume());
}

TEST(Resume, TakesNoOtherSessionForItsOwn) {
  std::atomic<int> starts{0};
  ScriptedAdvisor advisor(
      [&](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
        if (!event.has_start()) return false;
        pb::AdvisorEvent answer = accepted_with("token");
        if (starts++ > 0) answer.mutable_accepted()->set_session_id("another");
        return stream.Write(answer);
      },
      kGone);
  auto session = Session::open(options_for(advisor), small_plan());
  session->ask_level(stage(0));
  EXPECT_FALSE(session->resume());
  EXPECT_EQ(session->status().code, StatusCode::kProtocolError);
  EXPECT_FALSE(session->may_resume());
}

}  // namespace
}  // namespace dh_advisor::testing
