#pragma once

#include <PlanOptimizer.h>

#include "scripted_advisor.h"

namespace dh_adapter::testing {

/// Kills a host in the middle of a plan, as dH's callback.
struct KillSwitch {
  dh_advisor::testing::ScriptedAdvisor* victim = nullptr;  ///< Null: nobody.
  int iterations_left = 7;

  static BOOL press(DynamicCovarianceOptimizer*, void* kill_switch) {
    auto& self = *static_cast<KillSwitch*>(kill_switch);
    if (--self.iterations_left == 0 && self.victim != nullptr) self.victim->kill();
    return TRUE;
  }
};

}  // namespace dh_adapter::testing
