#pragma once

#include "dh/advisor/v1/plan_advisor.pb.h"
#include "dh_advisor/plan.h"
#include "dh_advisor/session.h"

/// Public values -> wire; they have been checked (`input/`). Each clears and fills `event`'s oneof; receipts are left
/// alone.
namespace dh_advisor {

namespace pb = dh::advisor::v1;

/// Contract version spoken by this library; a host refuses another major.
constexpr std::uint32_t kProtocolMajor = 1;
constexpr std::uint32_t kProtocolMinor = 0;

void encode(const PlanStart& plan, AdviceMode mode, pb::OptimizerEvent& event);
void encode(const Geometry& geometry, pb::OptimizerEvent& event);
void encode(const LevelStart& start, pb::OptimizerEvent& event);
void encode(const Iteration& iteration, pb::OptimizerEvent& event);
void encode(const LevelEnd& end, pb::OptimizerEvent& event);
void encode(const PlanFinish& finish, double advice_wait_ms, pb::OptimizerEvent& event);

}  // namespace dh_advisor
