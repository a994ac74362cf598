#include "dh_advisor/c_gates.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

TEST(CGates, JudgeAsTheCppOnes) {
  const double values[] = {0.0, 0.2};
  EXPECT_EQ(dh_advisor_check_vector(values, 2, 0.0, 0.2), DH_ADVISOR_VERDICT_ACCEPTED);
  EXPECT_EQ(dh_advisor_check_vector(values, 2, 0.0, 0.1), DH_ADVISOR_VERDICT_OUT_OF_RANGE);
  const dh_advisor_stage stages[] = {{3, 40.0, 0}, {0, 2.5, 0}};
  EXPECT_EQ(dh_advisor_check_stages(stages, 2, 4, 2.5, 1.0, 80.0), DH_ADVISOR_VERDICT_ACCEPTED);
  EXPECT_EQ(dh_advisor_check_stages(stages, 1, 4, 2.5, 1.0, 80.0), DH_ADVISOR_VERDICT_BAD_SCHEDULE);
  const dh_advisor_structure_sigma sigma{0, 2.0};
  EXPECT_EQ(dh_advisor_check_structure_sigmas(&sigma, 1, 1, 1.0, 5.0), DH_ADVISOR_VERDICT_ACCEPTED);
  EXPECT_EQ(dh_advisor_choose_start(1.0, 2.0), DH_ADVISOR_VERDICT_WORSE_THAN_DEFAULT);
  EXPECT_EQ(dh_advisor_judge_trial(1.0, -2.0, 0.0, 0.0, 1.0), DH_ADVISOR_VERDICT_ACCEPTED);
}

TEST(CGates, ShortenDirectionAndStep) {
  dh_advisor_direction_gate* gate = dh_advisor_direction_gate_create();
  const double gradient[] = {1.0, 1.0};
  double direction[] = {-300.0, -400.0};
  double step_length = 5.0;
  EXPECT_EQ(dh_advisor_direction_gate_consider(gate, direction, &step_length, gradient, 2),
            DH_ADVISOR_VERDICT_ACCEPTED);
  EXPECT_NEAR(std::hypot(direction[0], direction[1]) * step_length, 20.0, 1e-9);
  double uphill[] = {1.0, 1.0};
  double none = 0.0;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(dh_advisor_direction_gate_consider(gate, uphill, &none, gradient, 2), DH_ADVISOR_VERDICT_NOT_DESCENT);
  }
  EXPECT_EQ(dh_advisor_direction_gate_is_off(gate), 1);
  dh_advisor_direction_gate_free(gate);
}

TEST(CGates, GrantAStopAfterItsChecks) {
  dh_advisor_stop_gate* gate = dh_advisor_stop_gate_create();
  int granted = -1;
  int verdict = -1;
  EXPECT_EQ(dh_advisor_stop_gate_consider(gate, 9, 10, 0.0, 1e-3, &granted, &verdict), DH_ADVISOR_ACTION_CONTINUE);
  EXPECT_EQ(verdict, DH_ADVISOR_VERDICT_OUT_OF_RANGE);
  int action = dh_advisor_stop_gate_consider(gate, DH_ADVISOR_DECISION_STOP_ALL, 10, 0.0, 1e-3, &granted, &verdict);
  EXPECT_EQ(action, DH_ADVISOR_ACTION_CHECK);
  EXPECT_EQ(dh_advisor_stop_gate_is_checking(gate), 1);
  for (uint32_t k = 11; k < 14; ++k) {
    action = dh_advisor_stop_gate_consider(gate, DH_ADVISOR_DECISION_NONE, k, 0.0, 1e-3, &granted, &verdict);
  }
  EXPECT_EQ(action, DH_ADVISOR_ACTION_STOP);
  EXPECT_EQ(granted, DH_ADVISOR_DECISION_STOP_ALL);
  EXPECT_EQ(verdict, DH_ADVISOR_VERDICT_ACCEPTED);
  dh_advisor_stop_gate_free(gate);
}

TEST(CGates, TakeLimits) {
  dh_advisor_direction_limits direction{};
  direction.struct_size = sizeof direction;
  direction.norm_limit = 2.0;
  direction.refusals_to_off = 1;
  dh_advisor_direction_gate* gate = dh_advisor_direction_gate_create_with(&direction);
  const double gradient[] = {1.0};
  double step[] = {-300.0};
  EXPECT_EQ(dh_advisor_direction_gate_consider(gate, step, nullptr, gradient, 1), DH_ADVISOR_VERDICT_ACCEPTED);
  EXPECT_DOUBLE_EQ(step[0], -2.0);
  step[0] = 1.0;
  EXPECT_EQ(dh_advisor_direction_gate_consider(gate, step, nullptr, gradient, 1), DH_ADVISOR_VERDICT_NOT_DESCENT);
  EXPECT_EQ(dh_advisor_direction_gate_is_off(gate), 1);
  dh_advisor_direction_gate_free(gate);

  dh_advisor_stop_limits stop{};
  stop.struct_size = sizeof stop;
  stop.checking_iterations = 1;
  dh_advisor_stop_gate* stop_gate = dh_advisor_stop_gate_create_with(&stop);
  int granted = 0;
  EXPECT_EQ(dh_advisor_stop_gate_consider(stop_gate, DH_ADVISOR_DECISION_STOP_LEVEL, 0, 0.0, 1e-3, nullptr, nullptr),
            DH_ADVISOR_ACTION_CHECK)
      << "no floor";
  EXPECT_EQ(dh_advisor_stop_gate_consider(stop_gate, DH_ADVISOR_DECISION_NONE, 1, 0.0, 1e-3, &granted, nullptr),
            DH_ADVISOR_ACTION_STOP);
  EXPECT_EQ(granted, DH_ADVISOR_DECISION_STOP_LEVEL);
  dh_advisor_stop_gate_free(stop_gate);

  direction.struct_size = 0;
  EXPECT_EQ(dh_advisor_direction_gate_create_with(&direction), nullptr);
  EXPECT_EQ(dh_advisor_direction_gate_create_with(nullptr), nullptr);
  EXPECT_EQ(dh_advisor_stop_gate_create_with(nullptr), nullptr);
}

TEST(CGates, RefuseANull) {
  double one = 1.0;
  EXPECT_EQ(dh_advisor_check_vector(nullptr, 2, 0.0, 1.0), DH_ADVISOR_VERDICT_WRONG_LENGTH);
  EXPECT_EQ(dh_advisor_check_stages(nullptr, 2, 4, 2.5, 1.0, 80.0), DH_ADVISOR_VERDICT_BAD_SCHEDULE);
  EXPECT_EQ(dh_advisor_check_structure_sigmas(nullptr, 1, 1, 1.0, 5.0), DH_ADVISOR_VERDICT_WRONG_LENGTH);
  EXPECT_EQ(dh_advisor_direction_gate_consider(nullptr, &one, nullptr, &one, 1), DH_ADVISOR_VERDICT_SWITCHED_OFF);
  EXPECT_EQ(dh_advisor_direction_gate_is_off(nullptr), 1);
  dh_advisor_direction_gate_note_failure(nullptr);
  dh_advisor_direction_gate* gate = dh_advisor_direction_gate_create();
  EXPECT_EQ(dh_advisor_direction_gate_consider(gate, nullptr, nullptr, &one, 1), DH_ADVISOR_VERDICT_WRONG_LENGTH);
  EXPECT_EQ(dh_advisor_direction_gate_consider(gate, &one, nullptr, nullptr, 1), DH_ADVISOR_VERDICT_WRONG_LENGTH);
  dh_advisor_direction_gate_free(gate);
  dh_advisor_direction_gate_free(nullptr);
  EXPECT_EQ(dh_advisor_stop_gate_consider(nullptr, 3, 10, 0.0, 1.0, nullptr, nullptr), DH_ADVISOR_ACTION_CONTINUE);
  EXPECT_EQ(dh_advisor_stop_gate_is_checking(nullptr), 0);
  dh_advisor_stop_gate_free(nullptr);
}

}  // namespace
