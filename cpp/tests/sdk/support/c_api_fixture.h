#pragma once

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "dh_advisor/c_api.h"
#include "scripted_advisor.h"

namespace dh_advisor::testing {

/// The small plan for C.
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

  dh_advisor_session* open(const ScriptedAdvisor& advisor) {
    const std::string address = advisor.address();
    dh_advisor_session_options options{};
    options.struct_size = sizeof options;
    options.address = address.c_str();
    options.mode = DH_ADVISOR_MODE_ADVISE;
    options.connect_deadline_ms = options.start_deadline_ms = options.iteration_deadline_ms = 10000;
    return dh_advisor_open_with(&options, &plan_);
  }

  static dh_advisor_level_start level_start() {
    dh_advisor_level_start start{};
    start.beamlet_count = 4;
    start.variance_lower_gy2 = 1.5625;
    start.variance_upper_gy2 = 9.375;
    return start;
  }

  std::array<int, 6> roles_{1, 2, 3, 4, 5, 6};
  dh_advisor_structure structure_{};
  dh_advisor_beam beam_{};
  dh_advisor_level_plan level_{};
  dh_advisor_plan plan_{};
};

}  // namespace dh_advisor::testing
