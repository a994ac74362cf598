#pragma once

#include <cstddef>
#include <vector>

#include "dh_advisor/plan.h"
#include "dh_advisor/status.h"

namespace dh_advisor {

/// What the messages after the first must agree with: counts that the plan start named.
struct PlanCounts {
  std::size_t structures = 0;
  std::vector<std::uint32_t> level_beamlets;
};

/// The first reason why a message can't be sent, or ok.
Status check(const Geometry& geometry, const PlanCounts& counts);
Status check(const LevelStart& start, const PlanCounts& counts);
/// `beamlets` 0: no level has started, so that lengths can't be told.
Status check(const Iteration& iteration, std::size_t beamlets, const PlanCounts& counts);
Status check(const LevelEnd& end);
Status check(const PlanFinish& finish, const PlanCounts& counts);
Status check(const VolumeView& volume);

}  // namespace dh_advisor
