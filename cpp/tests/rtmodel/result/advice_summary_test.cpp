#include "result/advice_summary.h"

#include <gtest/gtest.h>

namespace rtmodel::testing {
namespace {

using dh_advisor::Outcome;
using dh_advisor::Role;
using dh_advisor::Status;
using dh_advisor::StatusCode;

/// A plan whose every question was answered.
AdviceResult whole() {
  AdviceResult advice;
  advice.was_asked = true;
  advice.session_id = "s-1";
  advice.bindings.resize(2);
  advice.bindings[0].role = Role::kEarlyStopping;
  advice.bindings[0].plugin = "plateau";
  advice.bindings[1].role = Role::kInitialization;  // off: no plugin
  advice.session_counters.emplace();
  advice.session_counters->questions = advice.session_counters->answers = 9;
  advice.session_counters->outcomes[{Role::kEarlyStopping, Outcome::kApplied}] = 8;
  advice.session_counters->outcomes[{Role::kInitialization, Outcome::kDisabled}] = 1;
  return advice;
}

void expect_missing(const AdviceResult& advice, const std::string& said) {
  EXPECT_EQ(missing_advice(advice).rfind(said, 0), 0u) << missing_advice(advice);
  EXPECT_FALSE(has_required_advice(advice)) << said;
}

TEST(MissingAdvice, IsNoneWhereAllWasAnsweredOrNobodyAsked) {
  EXPECT_EQ(missing_advice(whole()), "") << "a role that is off was never to answer";
  EXPECT_TRUE(has_required_advice(whole()));
  EXPECT_EQ(missing_advice({}), "");
}

TEST(MissingAdvice, SaysWhyNoSessionBegan) {
  AdviceResult advice = whole();
  advice.session_id.clear();
  advice.status = Status::failed(StatusCode::kUnreachable, "connection refused");
  expect_missing(advice, "no host was reached: connection refused");
  advice.status = Status::failed(StatusCode::kRefused, "no room");
  expect_missing(advice, "the host refused the plan: no room");
  advice.status = Status::failed(StatusCode::kDeadlineExceeded, "x");
  expect_missing(advice, "no host took the plan in time");
  advice.status = Status::failed(StatusCode::kInvalidInput, "x");
  expect_missing(advice, "the plan could not be sent");
  advice.status = Status::failed(StatusCode::kClosed, "x");
  expect_missing(advice, "no session was opened");
}

TEST(MissingAdvice, SaysWhatEndedIt) {
  AdviceResult advice = whole();
  advice.status = Status::failed(StatusCode::kSwitchedOff, "silent after 3 unanswered questions");
  expect_missing(advice, "the session ended before the plan: silent after 3");
  advice = whole();
  advice.bindings[0].plugin.clear();
  expect_missing(advice, "no plugin of the host serves any role");
  advice = whole();
  advice.session_counters->answers = 1;
  expect_missing(advice, "no question was answered");
  advice = whole();
  advice.session_counters->outcomes[{Role::kEarlyStopping, Outcome::kDisabled}] = 4;
  expect_missing(advice, "an operator stopped advice, or roles were switched off: 4 answers without");
  advice.declined = {Role::kEarlyStopping};
  EXPECT_EQ(missing_advice(advice), "") << "a plugin may have nothing for a plan";
}

TEST(MissingAdvice, TellsLateAndFailedAnswersWhichARequirementForgives) {
  AdviceResult advice = whole();
  advice.session_counters->late = 2;
  EXPECT_EQ(missing_advice(advice), "2 of 9 answers came too late");
  EXPECT_TRUE(has_required_advice(advice));
  advice = whole();
  advice.session_counters->outcomes[{Role::kEarlyStopping, Outcome::kTimeout}] = 1;
  advice.session_counters->outcomes[{Role::kEarlyStopping, Outcome::kFailed}] = 2;
  EXPECT_EQ(missing_advice(advice), "3 answers failed in the host, or were late there");
}

}  // namespace
}  // namespace rtmodel::testing
