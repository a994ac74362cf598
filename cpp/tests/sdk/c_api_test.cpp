#include "dh_advisor/c_api.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "scripted_advisor.h"

namespace dh_advisor::testing {
namespace {

class CApiTest : public ::testing::Test {
 protected:
  CApiTest() {
    structure_.name = "PTV70";
    structure_.tg263_name = "PTV_7000";
    structure_.role = 1;
    structure_.prescribed_dose_gy = 70.0;
    beam_ = {0.0, 0.0, 4, 1, 5.0, 30.0};
    level_ = {4, 2.5, 1.5625, 9.375, 500, 1e-6};
    plan_.client = "c test";
    plan_.plan_key = "plan";
    plan_.solver = 1;
    plan_.structures = &structure_;
    plan_.structure_count = 1;
    plan_.beams = &beam_;
    plan_.beam_count = 1;
    plan_.weight_ceiling = 0.2;
    plan_.weight_steepness = 0.5;
    plan_.levels = &level_;
    plan_.level_count = 1;
    plan_.accepts = roles_.data();
    plan_.accept_count = roles_.size();
  }

  std::array<int, 6> roles_{1, 2, 3, 4, 5, 6};
  dh_advisor_structure structure_{};
  dh_advisor_beam beam_{};
  dh_advisor_level_plan level_{};
  dh_advisor_plan plan_{};
};

TEST_F(CApiTest, CarriesAPlan) {
  ScriptedAdvisor advisor(answer_well);
  const std::string address = advisor.address();
  const dh_advisor_options options{address.c_str(), 2, 10000, 10000, 10000};
  dh_advisor_session* session = dh_advisor_open(&options, &plan_);
  ASSERT_EQ(dh_advisor_is_live(session), 1) << dh_advisor_status(session);
  EXPECT_EQ(dh_advisor_wants(session, 1, 0), 1);

  std::array<double, 4> weights{};
  dh_advisor_level_start start{};
  start.beamlet_count = 4;
  start.variance_lower_gy2 = 1.5625;
  start.variance_upper_gy2 = 9.375;
  dh_advisor_level_advice level{};
  level.initial_weights = weights.data();
  dh_advisor_ask_level(session, &start, &level);
  EXPECT_EQ(level.has_initial_weights, 1);
  EXPECT_EQ(level.has_variance, 0) << "no buffer was given for it";
  EXPECT_EQ(weights[3], 0.05);

  std::array<double, 4> direction{};
  dh_advisor_iteration iteration{};
  iteration.objective = 3.0;
  dh_advisor_iteration_advice advice{};
  advice.direction = direction.data();
  dh_advisor_ask_iteration(session, &iteration, 4, &advice);
  EXPECT_EQ(advice.stop_decision, 1);
  EXPECT_EQ(advice.direction_space, 1);
  EXPECT_EQ(advice.step_length, 1.0);
  EXPECT_EQ(direction[1], -1.0);
  dh_advisor_report(session, 5, 1, 0, 0);
  iteration.iteration = 1;
  direction = {};
  dh_advisor_post_iteration(session, &iteration);
  dh_advisor_take_iteration(session, 4, &advice);
  EXPECT_EQ(direction[1], -1.0);
  dh_advisor_tell_level_end(session, 0, 0, 1, 1, 3.0);
  dh_advisor_finish(session, 1, 1, 3.0);
  dh_advisor_close(session);

  const auto events = advisor.events();
  ASSERT_EQ(events.size(), 6U);
  EXPECT_EQ(events[0].start().structures(0).tg263_name(), "PTV_7000");
  EXPECT_EQ(events[3].receipts(0).role(), pb::ROLE_STEP_DIRECTION);
}

TEST_F(CApiTest, IsSilentWithoutAHost) {
  const dh_advisor_options options{"127.0.0.1:9", 2, 0, 0, 0};
  dh_advisor_session* session = dh_advisor_open(&options, &plan_);
  EXPECT_EQ(dh_advisor_is_live(session), 0);
  EXPECT_NE(std::string(dh_advisor_status(session)), "");
  dh_advisor_close(session);
}

}  // namespace
}  // namespace dh_advisor::testing
