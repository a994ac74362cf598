// The library without gRPC: a session ends at once and says why, and the optimizer goes on by itself.
#include <gtest/gtest.h>

#include "dh_advisor/session.h"

namespace dh_advisor {
namespace {

PlanStart plan_of_four_beamlets() {
  PlanStart plan;
  plan.client = "test 1";
  plan.plan_key = "plan";
  Structure target;
  target.name = "PTV70";
  target.role = StructureRole::kTarget;
  plan.structures.push_back(target);
  plan.beams.push_back({0.0, 0.0, 4, 1, 5.0, 30.0});
  plan.weight_ceiling = 0.2;
  plan.weight_steepness = 0.5;
  plan.levels.push_back({0, 4, 2.5, 1.5625, 9.375, 500, 1e-6});
  plan.accepts = {Role::kInitialization};
  return plan;
}

TEST(NoTransport, SaysThatTheLibraryHasNoGrpc) {
  SessionOptions options;
  options.address = "127.0.0.1:50151";
  const auto session = Session::open(options, plan_of_four_beamlets());
  EXPECT_FALSE(session->is_live());
  EXPECT_EQ(session->status().code, StatusCode::kUnreachable);
  EXPECT_NE(session->status().message.find("DH_ADVISOR_TRANSPORT"), std::string::npos) << session->status().message;
}

TEST(NoTransport, AnswersNothingAndEndsInPeace) {
  SessionOptions options;
  options.address = "127.0.0.1:50151";
  const auto session = Session::open(options, plan_of_four_beamlets());
  LevelStart level;
  level.beamlet_count = 4;
  level.variance_lower_gy2 = 1.5625;
  level.variance_upper_gy2 = 9.375;
  EXPECT_FALSE(session->ask_level(level).initial_weights.has_value());
  EXPECT_EQ(session->counters().accepted, 0U);
  EXPECT_FALSE(session->finish({}).ok());
}

}  // namespace
}  // namespace dh_advisor
