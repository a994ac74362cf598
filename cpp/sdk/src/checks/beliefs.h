#pragma once

#include <string>
#include <vector>

#include "checks/beam_fit.h"

namespace dh_advisor {

/// What a client may have meant instead of what it said.
struct Alternative {
  CheckFault fault = CheckFault::kNone;
  std::string field;
  std::string sentence;  ///< Such as "the columns of every beam are mirrored".
  Belief belief;
};

/// The common mistakes, simple ones first.
std::vector<Alternative> alternatives(const std::vector<Beam>& beams);

}  // namespace dh_advisor
