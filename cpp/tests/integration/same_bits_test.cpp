// Without advice the advised optimizer is dH's own, bit for bit, whatever the host does.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "kill_switch.h"
#include "scripted_advisor.h"
#include "stub_plan.h"

namespace dh_adapter {
namespace {

using dh_advisor::AdviceMode;
using dh_advisor::StatusCode;
using dh_advisor::testing::ScriptedAdvisor;
namespace pb = dh_advisor::testing::pb;
using Stream = ScriptedAdvisor::Stream;

class SameBits : public ::testing::Test {
 protected:
  static const std::vector<double>& own() {
    static const std::vector<double> weights = [] {
      testing::StubPlan stub;
      CVectorN<> reached;
      stub.optimizer<dH::PlanOptimizer>()->Optimize(reached, nullptr, nullptr);
      return testing::to_vector(reached);
    }();
    return weights;
  }

  std::vector<double> advised() {
    testing::StubPlan stub;
    auto optimizer = stub.optimizer<AdvisedPlanOptimizer>(options);
    CVectorN<> reached;
    EXPECT_TRUE(optimizer->Optimize(reached, &testing::KillSwitch::press, &kill));
    status = optimizer->LastStatus();
    return testing::to_vector(reached);
  }

  void use(const ScriptedAdvisor& advisor, AdviceMode mode = AdviceMode::kAdvise) {
    options.session = dh_advisor::testing::options_for(advisor);
    options.session.mode = mode;
  }

  AdapterOptions options;
  testing::KillSwitch kill;
  dh_advisor::Status status;
};

TEST_F(SameBits, ModeOff) {
  options.session.mode = AdviceMode::kOff;
  EXPECT_EQ(advised(), own());
}

TEST_F(SameBits, NoHost) {
  std::string said;
  options.session.address = "127.0.0.1:9";
  options.session.mode = AdviceMode::kAdvise;
  options.log = [&](const std::string& text) { said = text; };
  EXPECT_EQ(advised(), own());
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(said.rfind("no advice: ", 0), 0U) << said;
}

TEST_F(SameBits, NothingThatTheAdapterThrowsComesOut) {
  options.session.address = "127.0.0.1:9";
  options.session.mode = AdviceMode::kAdvise;
  options.log = [](const std::string&) { throw std::runtime_error("no place to write"); };
  EXPECT_EQ(advised(), own());
  EXPECT_EQ(status.code, StatusCode::kFault);
  EXPECT_EQ(status.message, "no place to write");
}

/// Accepts, and has nothing to say.
bool answer_with_nothing(const pb::OptimizerEvent& event, Stream& stream) {
  pb::AdvisorEvent answer = dh_advisor::testing::good_answer(event);
  if (event.has_geometry()) answer.mutable_geometry()->Clear();
  if (event.has_level_start()) {
    answer.mutable_level()->clear_initialization();
    answer.mutable_level()->clear_adaptive_variance();
  }
  if (answer.event_case() != pb::AdvisorEvent::EVENT_NOT_SET) stream.Write(answer);
  return !event.has_finish();
}

TEST_F(SameBits, HostKilledInTheMiddle) {
  ScriptedAdvisor advisor(answer_with_nothing);
  use(advisor);
  kill.victim = &advisor;
  EXPECT_EQ(advised(), own());
  EXPECT_EQ(status.code, StatusCode::kUnreachable) << status.message;
  EXPECT_GE(advisor.events().size(), 7U);
}

TEST_F(SameBits, HostThatHasNothingToSay) {
  ScriptedAdvisor advisor(answer_with_nothing);
  use(advisor);
  EXPECT_EQ(advised(), own());
  EXPECT_TRUE(status.ok()) << status.message;
}

TEST_F(SameBits, HostFrozenAfterItAccepted) {
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, Stream& stream) {
    return !event.has_start() || stream.Write(dh_advisor::testing::good_answer(event));
  });
  use(advisor);
  options.session.start_deadline = options.session.iteration_deadline = std::chrono::milliseconds(20);
  EXPECT_EQ(advised(), own());
  EXPECT_EQ(status.code, StatusCode::kSwitchedOff);
}

TEST_F(SameBits, Shadow) {
  ScriptedAdvisor advisor(dh_advisor::testing::answer_well);
  use(advisor, AdviceMode::kShadow);
  EXPECT_EQ(advised(), own());
  const auto events = advisor.events();
  EXPECT_TRUE(std::any_of(events.begin(), events.end(), [](const auto& event) { return event.has_iteration(); }));
}

TEST_F(SameBits, FailedSelfCheckSendsNothing) {
  ScriptedAdvisor advisor(dh_advisor::testing::answer_well);
  use(advisor);
  options.beamlet_width_mm = 8.0;
  EXPECT_EQ(advised(), own());
  EXPECT_EQ(status.code, StatusCode::kInvalidInput);
  EXPECT_NE(status.message.find("column_width_mm"), std::string::npos) << status.message;
  EXPECT_TRUE(advisor.events().empty());
}

}  // namespace
}  // namespace dh_adapter
