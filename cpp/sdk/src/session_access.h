#pragma once

#include <memory>

#include "dh_advisor/session.h"

namespace dh_advisor {

/// What the C interface needs of a session beyond the public methods, for mistakes that only C callers can make.
struct SessionAccess {
  /// A session that was never opened. Null only without memory.
  static std::unique_ptr<Session> open_silent(const Status& why) noexcept;
  static void fall_silent(Session& session, const Status& why) noexcept;
};

}  // namespace dh_advisor
