// What a host may do wrong with an answer: each is refused with its own verdict, and the plan goes on.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "dh_advisor/session.h"
#include "scripted_advisor.h"

namespace dh_advisor::testing {
namespace {

class FrameTest : public ::testing::Test {
 protected:
  using Spoil = std::function<void(pb::AdvisorEvent&)>;

  /// Opens a session against a host that spoils every answer to a level or iteration question.
  void open(Spoil spoil, PlanStart plan = small_plan()) {
    advisor_ =
        std::make_unique<ScriptedAdvisor>([spoil](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
          if (!event.has_level_start() && !event.has_iteration()) return answer_well(event, stream);
          pb::AdvisorEvent answer = good_answer(event);
          spoil(answer);
          return stream.Write(answer);
        });
    SessionOptions options;
    options.address = advisor_->address();
    options.connect_deadline = options.start_deadline = options.iteration_deadline = std::chrono::seconds(10);
    session_ = Session::open(options, plan);
  }

  LevelAdvice ask_level() {
    LevelStart start;
    start.beamlet_count = 4;
    start.variance_lower_gy2 = 1.5625;
    start.variance_upper_gy2 = 9.375;
    return session_->ask_level(start);
  }

  IterationAdvice ask_iteration(std::uint32_t number = 0) {
    ask_level();
    Iteration iteration;
    iteration.iteration = number;
    return session_->ask_iteration(iteration);
  }

  std::uint64_t count(Role role, Verdict verdict) const {
    const auto verdicts = session_->counters().verdicts;
    const auto found = verdicts.find({role, verdict});
    return found == verdicts.end() ? 0 : found->second;
  }

  std::unique_ptr<ScriptedAdvisor> advisor_;
  std::unique_ptr<Session> session_;
};

void overwrite(pb::Tensor& tensor, double value) { std::memcpy(tensor.mutable_data()->data(), &value, sizeof value); }

TEST_F(FrameTest, WrongLength) {
  open([](pb::AdvisorEvent& answer) {
    if (answer.has_level()) answer.mutable_level()->mutable_initialization()->mutable_weights()->set_shape(0, 3);
  });
  const LevelAdvice advice = ask_level();
  EXPECT_FALSE(advice.initial_weights.has_value());
  EXPECT_TRUE(advice.variance_gy2.has_value()) << "the other role's advice is still good";
  EXPECT_EQ(count(Role::kInitialization, Verdict::kWrongLength), 1U);
}

TEST_F(FrameTest, BytesThatDoNotFitTheShape) {
  open([](pb::AdvisorEvent& answer) {
    if (answer.has_level())
      answer.mutable_level()->mutable_initialization()->mutable_weights()->mutable_data()->pop_back();
  });
  EXPECT_FALSE(ask_level().initial_weights.has_value());
  EXPECT_EQ(count(Role::kInitialization, Verdict::kWrongLength), 1U);
}

TEST_F(FrameTest, NotFinite) {
  open([](pb::AdvisorEvent& answer) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    if (answer.has_level()) overwrite(*answer.mutable_level()->mutable_initialization()->mutable_weights(), nan);
    if (answer.has_iteration())
      overwrite(*answer.mutable_iteration()->mutable_step_direction()->mutable_direction(), nan);
  });
  EXPECT_FALSE(ask_iteration().direction.has_value());
  EXPECT_EQ(count(Role::kInitialization, Verdict::kNotFinite), 1U);
  EXPECT_EQ(count(Role::kStepDirection, Verdict::kNotFinite), 1U);
}

TEST_F(FrameTest, OutOfRange) {
  open([](pb::AdvisorEvent& answer) {
    if (!answer.has_level()) return;
    overwrite(*answer.mutable_level()->mutable_initialization()->mutable_weights(), 0.3);
    overwrite(*answer.mutable_level()->mutable_adaptive_variance()->mutable_variance_gy2(), 1.0);
  });
  const LevelAdvice advice = ask_level();
  EXPECT_FALSE(advice.initial_weights.has_value());
  EXPECT_FALSE(advice.variance_gy2.has_value());
  EXPECT_EQ(count(Role::kInitialization, Verdict::kOutOfRange), 1U);
  EXPECT_EQ(count(Role::kAdaptiveVariance, Verdict::kOutOfRange), 1U);
}

TEST_F(FrameTest, NegativeStepLength) {
  open([](pb::AdvisorEvent& answer) {
    if (answer.has_iteration()) answer.mutable_iteration()->mutable_step_direction()->set_step_length(-1.0);
  });
  EXPECT_FALSE(ask_iteration().direction.has_value());
  EXPECT_EQ(count(Role::kStepDirection, Verdict::kOutOfRange), 1U);
}

TEST_F(FrameTest, ADecisionThatDoesNotExist) {
  for (int decision : {-1, 4, 1 << 20}) {
    open([decision](pb::AdvisorEvent& answer) {
      if (!answer.has_iteration()) return;
      answer.mutable_iteration()->mutable_early_stopping()->set_decision(static_cast<pb::StopDecision>(decision));
    });
    EXPECT_FALSE(ask_iteration().stop.has_value()) << decision;
    EXPECT_EQ(count(Role::kEarlyStopping, Verdict::kOutOfRange), 1U) << decision;
  }
}

TEST_F(FrameTest, ASpaceThatDoesNotExist) {
  for (int space : {-1, 0, 3}) {
    open([space](pb::AdvisorEvent& answer) {
      if (!answer.has_iteration()) return;
      answer.mutable_iteration()->mutable_step_direction()->set_space(static_cast<pb::DirectionSpace>(space));
    });
    EXPECT_FALSE(ask_iteration().direction.has_value()) << space;
    EXPECT_EQ(count(Role::kStepDirection, Verdict::kOutOfRange), 1U) << space;
  }
}

TEST_F(FrameTest, AnOutcomeThatDoesNotExist) {
  for (int outcome : {-7, 0, 10}) {
    open([outcome](pb::AdvisorEvent& answer) {
      if (!answer.has_level()) return;
      answer.mutable_level()->mutable_initialization()->mutable_header()->set_outcome(
          static_cast<pb::Outcome>(outcome));
    });
    EXPECT_FALSE(ask_level().initial_weights.has_value()) << outcome;
    EXPECT_EQ((session_->counters().outcomes.at({Role::kInitialization, Outcome::kUnknown})), 1U) << outcome;
  }
}

TEST_F(FrameTest, AStandardDeviationBelowZeroAndAScoreThatIsNotANumber) {
  open([](pb::AdvisorEvent& answer) {
    if (!answer.has_iteration()) return;
    pb::EarlyStoppingAdvice& stop = *answer.mutable_iteration()->mutable_early_stopping();
    stop.set_predicted_standard_deviation(-1.0);
    stop.mutable_header()->set_out_of_distribution_score(std::numeric_limits<float>::infinity());
  });
  EXPECT_FALSE(ask_iteration().stop.has_value());
  EXPECT_EQ(count(Role::kEarlyStopping, Verdict::kOutOfRange), 1U);
  EXPECT_EQ(session_->counters().highest_scores.at(Role::kEarlyStopping), 0.0F);
}

TEST_F(FrameTest, RolesAndTensorsThatDoNotExistAreLeftOut) {
  advisor_ = std::make_unique<ScriptedAdvisor>([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    pb::AdvisorEvent answer = good_answer(event);
    if (event.has_start()) {
      // The last two are roles that are bound already.
      for (int number : {-1, 0, 7, 1000, 1, 6}) {
        pb::RoleBinding& binding = *answer.mutable_accepted()->add_bindings();
        binding.set_role(static_cast<pb::Role>(number));
        binding.set_plugin("newer");
        answer.mutable_accepted()->add_wanted()->set_kind(
            static_cast<pb::TensorKind>(number > 6 ? number + 10 : std::min(number, 0)));
      }
    }
    return stream.Write(answer);
  });
  session_ = Session::open(options_for(*advisor_), small_plan());
  EXPECT_EQ(session_->bindings().size(), 6U);
  for (int number : {-1, 0, 17, 1010}) EXPECT_FALSE(session_->wants(static_cast<TensorKind>(number))) << number;
}

TEST_F(FrameTest, WrongLevelEcho) {
  open([](pb::AdvisorEvent& answer) {
    if (answer.has_iteration()) answer.mutable_iteration()->set_level(2);
  });
  EXPECT_FALSE(ask_iteration().stop.has_value());
  EXPECT_EQ(session_->counters().wrong_frames, 1U);
  EXPECT_EQ(count(Role::kEarlyStopping, Verdict::kWrongFrame), 1U);
}

TEST_F(FrameTest, RoleThatWasNotAccepted) {
  PlanStart plan = small_plan();
  plan.accepts = {Role::kAdaptiveVariance};
  open([](pb::AdvisorEvent&) {}, plan);
  const LevelAdvice advice = ask_level();
  EXPECT_FALSE(advice.initial_weights.has_value());
  EXPECT_TRUE(advice.variance_gy2.has_value());
  EXPECT_EQ(count(Role::kInitialization, Verdict::kNotAcceptedRole), 1U);
}

TEST_F(FrameTest, ValueUnderAnOutcomeWithoutOne) {
  open([](pb::AdvisorEvent& answer) {
    if (answer.has_level()) {
      answer.mutable_level()->mutable_initialization()->mutable_header()->set_outcome(pb::OUTCOME_OUT_OF_DISTRIBUTION);
    }
  });
  EXPECT_FALSE(ask_level().initial_weights.has_value());
  EXPECT_EQ((session_->counters().outcomes.at({Role::kInitialization, Outcome::kOutOfDistribution})), 1U);
}

TEST_F(FrameTest, KeepsTheHighestScoreAndTheTimeInTheHost) {
  float score = 0.25F;
  open([&score](pb::AdvisorEvent& answer) {
    if (!answer.has_level()) return;
    auto* header = answer.mutable_level()->mutable_initialization()->mutable_header();
    header->set_out_of_distribution_score(score);
    header->set_latency_us(300);
    score = 0.1F;
  });
  ask_level();
  ask_level();
  const SessionCounters& counters = session_->counters();
  EXPECT_FLOAT_EQ(counters.highest_scores.at(Role::kInitialization), 0.25F);
  EXPECT_EQ(counters.host_time.at(Role::kInitialization), std::chrono::microseconds(600));
}

TEST_F(FrameTest, DuplicatesAreIgnored) {
  advisor_ = std::make_unique<ScriptedAdvisor>([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    if (event.has_iteration()) stream.Write(good_answer(event));
    return answer_well(event, stream);
  });
  SessionOptions options;
  options.address = advisor_->address();
  options.connect_deadline = options.start_deadline = options.iteration_deadline = std::chrono::seconds(10);
  session_ = Session::open(options, small_plan());
  ask_iteration(0);
  Iteration next;
  next.iteration = 1;
  EXPECT_TRUE(session_->ask_iteration(next).direction.has_value());
  EXPECT_EQ(session_->counters().duplicates, 1U);
}

TEST_F(FrameTest, DuplicatesOfOlderAnswersAreIgnored) {
  // Before its answer to the third iteration the host repeats itself, back to the level.
  advisor_ = std::make_unique<ScriptedAdvisor>([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    if (event.has_iteration() && event.iteration().iteration() == 2) {
      pb::OptimizerEvent old;
      *old.mutable_level_start() = pb::LevelStart();
      old.mutable_level_start()->set_beamlet_count(4);
      stream.Write(good_answer(old));
      for (std::uint32_t i = 0; i < 2; ++i) {
        old.mutable_iteration()->set_iteration(i);
        stream.Write(good_answer(old));
      }
    }
    return answer_well(event, stream);
  });
  session_ = Session::open(options_for(*advisor_), small_plan());
  ask_iteration(0);
  for (std::uint32_t i = 1; i < 3; ++i) {
    EXPECT_TRUE(session_->ask_iteration(iteration_number(i)).direction.has_value()) << i;
  }
  EXPECT_EQ(session_->counters().duplicates, 3U);
  EXPECT_EQ(session_->counters().wrong_frames, 0U);
}

TEST_F(FrameTest, AnAnswerThatComesLateIsNotTakenForTheNextOne) {
  // The host holds back its first iteration answer until the second question, and then sends both.
  auto held = std::make_shared<pb::AdvisorEvent>();
  advisor_ =
      std::make_unique<ScriptedAdvisor>([held](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
        if (event.has_iteration() && event.iteration().iteration() == 0) {
          *held = good_answer(event);
          return true;
        }
        if (event.has_iteration()) stream.Write(*held);
        return answer_well(event, stream);
      });
  SessionOptions options;
  options.address = advisor_->address();
  options.connect_deadline = options.start_deadline = std::chrono::seconds(10);
  options.iteration_deadline = std::chrono::milliseconds(300);
  session_ = Session::open(options, small_plan());
  EXPECT_FALSE(ask_iteration(0).direction.has_value());
  Iteration next;
  next.iteration = 1;
  EXPECT_TRUE(session_->ask_iteration(next).direction.has_value());
  EXPECT_EQ(session_->counters().late, 1U);
  EXPECT_EQ(session_->counters().wrong_frames, 0U);
}

}  // namespace
}  // namespace dh_advisor::testing
