// What the host wants is sent while somebody can still use it, and no longer.
#include <gtest/gtest.h>

#include <functional>

#include "c_api_fixture.h"
#include "dh_advisor/c_api.h"
#include "dh_advisor/session.h"
#include "scripted_advisor.h"

namespace dh_advisor::testing {
namespace {

/// A host whose acceptance, and whose headers of direction advice, are set by the test.
struct Host {
  std::function<void(pb::Accepted&)> accept = [](pb::Accepted&) {};
  std::function<void(pb::AdviceHeader&, std::uint32_t iteration)> head = [](pb::AdviceHeader&, std::uint32_t) {};

  bool operator()(const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) const {
    pb::AdvisorEvent answer = good_answer(event);
    if (event.has_start()) accept(*answer.mutable_accepted());
    if (event.has_iteration()) {
      pb::StepDirectionAdvice& direction = *answer.mutable_iteration()->mutable_step_direction();
      pb::AdviceHeader header;
      head(header, event.iteration().iteration());
      if (header.is_final() || !header.reason().empty()) {
        direction.Clear();
        header.set_role(pb::ROLE_STEP_DIRECTION);
        *direction.mutable_header() = header;
      }
    }
    return stream.Write(answer);
  }
};

void want(pb::Accepted& accepted, pb::TensorKind kind, std::initializer_list<int> roles) {
  pb::WantedTensor& wanted = *accepted.add_wanted();
  wanted.set_kind(kind);
  wanted.set_every_n(1);
  for (const int role : roles) wanted.add_roles(static_cast<pb::Role>(role));
}

class Wants : public ::testing::Test {
 protected:
  std::unique_ptr<Session> open() {
    advisor_ = std::make_unique<ScriptedAdvisor>(host);
    return Session::open(options_for(*advisor_), small_plan());
  }

  Host host;

 private:
  std::unique_ptr<ScriptedAdvisor> advisor_;
};

TEST_F(Wants, EndWithTheOnlyRoleThatWants) {
  host.accept = [](pb::Accepted& accepted) {
    accepted.clear_wanted();
    want(accepted, pb::TENSOR_KIND_GRADIENT, {pb::ROLE_STEP_DIRECTION});
    want(accepted, pb::TENSOR_KIND_WEIGHTS, {pb::ROLE_STEP_DIRECTION, pb::ROLE_EARLY_STOPPING});
    want(accepted, pb::TENSOR_KIND_VARIANCE, {});
    want(accepted, pb::TENSOR_KIND_DIRECTION, {pb::ROLE_STEP_DIRECTION, 99});
  };
  host.head = [](pb::AdviceHeader& header, std::uint32_t iteration) {
    header.set_is_final(iteration == 1);
    if (iteration == 1) header.set_reason("breaker-plan");
  };
  const auto session = open();
  session->ask_iteration(iteration_number(0));
  EXPECT_FALSE(session->has_ended(Role::kStepDirection));
  EXPECT_TRUE(session->wants(TensorKind::kGradient, 1));
  session->ask_iteration(iteration_number(1));
  EXPECT_TRUE(session->has_ended(Role::kStepDirection));
  EXPECT_FALSE(session->wants(TensorKind::kGradient, 2));
  EXPECT_FALSE(session->wants(TensorKind::kGradient));
  EXPECT_TRUE(session->wants(TensorKind::kWeights, 2)) << "another role still wants it";
  EXPECT_TRUE(session->wants(TensorKind::kVariance, 2)) << "wanted whatever becomes of the roles";
  EXPECT_TRUE(session->wants(TensorKind::kDirection, 2)) << "a role of a newer host may still want it";
}

TEST_F(Wants, SwitchedOffIsNotDeclined) {
  host.head = [](pb::AdviceHeader& header, std::uint32_t) {
    header.set_is_final(true);
    header.set_reason("stopped-by-operator");
  };
  const auto session = open();
  session->ask_iteration(iteration_number(0));
  EXPECT_TRUE(session->has_ended(Role::kStepDirection));
  EXPECT_FALSE(session->has_declined(Role::kStepDirection));
  EXPECT_FALSE(session->has_ended(Role::kEarlyStopping));
}

TEST_F(Wants, NothingOfARoleThatDeclinedAsThePlanOpened) {
  host.accept = [](pb::Accepted& accepted) {
    for (pb::RoleBinding& binding : *accepted.mutable_bindings()) {
      if (binding.role() == pb::ROLE_STEP_DIRECTION) binding.set_declined("the solver is L-BFGS itself");
    }
  };
  const auto session = open();
  EXPECT_TRUE(session->has_declined(Role::kStepDirection));
  EXPECT_TRUE(session->has_ended(Role::kStepDirection));
  EXPECT_TRUE(session->is_served(Role::kStepDirection));
  EXPECT_EQ(session->bindings()[4].declined, "the solver is L-BFGS itself");
  EXPECT_EQ(session->bindings()[5].declined, "");
}

TEST_F(Wants, AHostThatNamesNoRolesGetsWhatItWants) {
  // As hosts did before they named the roles, or said that a role has ended.
  host.head = [](pb::AdviceHeader& header, std::uint32_t) { header.set_reason("not-applicable"); };
  const auto session = open();
  session->ask_iteration(iteration_number(0));
  EXPECT_TRUE(session->has_ended(Role::kStepDirection));
  EXPECT_TRUE(session->wants(TensorKind::kGradient, 2));
}

TEST_F(CApiTest, SaysWhatHasEnded) {
  Host host;
  host.accept = [](pb::Accepted& accepted) {
    accepted.mutable_bindings(4)->set_declined("the solver is L-BFGS itself");
    accepted.clear_wanted();
    want(accepted, pb::TENSOR_KIND_GRADIENT, {pb::ROLE_STEP_DIRECTION});
  };
  ScriptedAdvisor advisor(host);
  dh_advisor_session* session = CApiTest::open(advisor);
  EXPECT_EQ(dh_advisor_has_ended(session, DH_ADVISOR_ROLE_STEP_DIRECTION), 1);
  EXPECT_EQ(dh_advisor_has_ended(session, DH_ADVISOR_ROLE_EARLY_STOPPING), 0);
  EXPECT_EQ(dh_advisor_has_ended(nullptr, DH_ADVISOR_ROLE_STEP_DIRECTION), 0);
  EXPECT_EQ(dh_advisor_wants(session, DH_ADVISOR_TENSOR_GRADIENT, 0), 0);
  dh_advisor_binding binding{};
  binding.struct_size = sizeof binding;
  ASSERT_EQ(dh_advisor_get_binding(session, 4, &binding), 1);
  EXPECT_STREQ(binding.declined, "the solver is L-BFGS itself");
  ASSERT_EQ(dh_advisor_get_binding(session, 5, &binding), 1);
  EXPECT_STREQ(binding.declined, "");
  dh_advisor_close(session);
}

}  // namespace
}  // namespace dh_advisor::testing
