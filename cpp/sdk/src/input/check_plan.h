#pragma once

#include "dh_advisor/plan.h"
#include "dh_advisor/session.h"
#include "dh_advisor/status.h"

namespace dh_advisor {

/// The first reason why the options can't be used, or ok.
Status check(const SessionOptions& options);

/// The first reason why the plan can't be sent, or ok. The same rules as the host's, so that a fault is found before
/// anything goes out and is told by the caller's own name of the field.
Status check(const PlanStart& plan);

}  // namespace dh_advisor
