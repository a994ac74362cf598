// The example in C asks what the example in C++ asks.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "scripted_advisor.h"

namespace dh_advisor::testing {
namespace {

/// The kinds of things that a host hears from a program.
std::set<std::string> heard_from(const std::string& program) {
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
    pb::AdvisorEvent answer = good_answer(event);
    if (event.has_iteration() && event.iteration().iteration() > 20) {
      answer.mutable_iteration()->mutable_early_stopping()->set_decision(pb::STOP_DECISION_STOP_LEVEL);
    }
    if (answer.event_case() != pb::AdvisorEvent::EVENT_NOT_SET) stream.Write(answer);
    return !event.has_finish();
  });
  EXPECT_EQ(std::system((program + " " + advisor.address()).c_str()), 0);
  std::set<std::string> heard;
  for (const pb::OptimizerEvent& event : advisor.events()) {
    const std::string kind = "event " + std::to_string(event.event_case());
    heard.insert(kind);
    for (int role : event.start().accepts()) heard.insert("accepts " + std::to_string(role));
    for (int offer : event.start().offers()) heard.insert("offers " + std::to_string(offer));
    for (const pb::NamedTensor& tensor : event.iteration().tensors()) {
      heard.insert("tensor " + std::to_string(tensor.kind()));
    }
    if (event.iteration().gradient_calls() > 0) heard.insert("calls so far");
    if (event.level_end().gradient_calls() > 0) heard.insert("calls of the level");
    if (event.finish().gradient_calls() > 0 && event.finish().call_equivalents() > 0.0)
      heard.insert("calls of the plan");
    for (const pb::AdviceReceipt& receipt : event.receipts()) {
      // On a busy machine now and then one is late, in either language.
      if (receipt.verdict() == pb::VERDICT_LATE) continue;
      heard.insert("receipt " + std::to_string(receipt.role()) + ":" + std::to_string(receipt.verdict()));
    }
  }
  return heard;
}

TEST(Examples, AskTheSameInBothLanguages) {
  const std::set<std::string> in_cpp = heard_from(ADVISED_LOOP);
  const std::set<std::string> in_c = heard_from(ADVISED_LOOP_C);
  EXPECT_EQ(in_cpp.count("calls of the plan"), 1U);
  EXPECT_EQ(in_c, in_cpp);
}

}  // namespace
}  // namespace dh_advisor::testing
