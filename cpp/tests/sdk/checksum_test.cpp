// Bytes of a vector that were changed on the way are seen by their checksum.
#include "checksum.h"

#include <gtest/gtest.h>

#include "dh_advisor/session.h"
#include "scripted_advisor.h"

namespace dh_advisor::testing {
namespace {

std::uint64_t count(const Session& session, Role role, Verdict verdict) {
  const auto verdicts = session.counters().verdicts;
  const auto found = verdicts.find({role, verdict});
  return found == verdicts.end() ? 0 : found->second;
}

TEST(Checksum, IsThatOfRfc3720) {
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
}

TEST(Checksum, AnswersThatDifferAreRefusedAndThoseThatAgreeAreTaken) {
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    if (!event.has_level_start()) return answer_well(event, stream);
    pb::AdvisorEvent answer = good_answer(event);
    answer.mutable_level()->mutable_initialization()->mutable_weights()->set_crc32c(1);
    pb::Tensor& variance = *answer.mutable_level()->mutable_adaptive_variance()->mutable_variance_gy2();
    variance.set_crc32c(crc32c(variance.data()));
    return stream.Write(answer);
  });
  const auto session = Session::open(options_for(advisor), small_plan());
  const LevelAdvice advice = session->ask_level(level_zero());
  EXPECT_FALSE(advice.initial_weights.has_value());
  EXPECT_TRUE(advice.variance_gy2.has_value());
  EXPECT_EQ(count(*session, Role::kInitialization, Verdict::kCorrupt), 1U);
  EXPECT_EQ(count(*session, Role::kAdaptiveVariance, Verdict::kCorrupt), 0U);
}

TEST(Checksum, QuestionsCarryIt) {
  ScriptedAdvisor advisor(answer_well);
  const auto session = Session::open(options_for(advisor), small_plan());
  session->ask_level(level_zero());
  Iteration iteration;
  const std::vector<double> gradient{1.0, 2.0, 3.0, 4.0};
  iteration.tensors = {{TensorKind::kGradient, gradient.data(), {4}}};
  session->ask_iteration(iteration);
  const pb::Tensor sent = advisor.events().at(2).iteration().tensors(0).tensor();
  EXPECT_EQ(sent.crc32c(), crc32c(sent.data()));
}

}  // namespace
}  // namespace dh_advisor::testing
