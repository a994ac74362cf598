#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dh_advisor/session.h"

struct dh_advisor_session {
  std::unique_ptr<dh_advisor::Session> session;  // None without memory for it.
  // Of the iteration posted last, and of its answer.
  std::uint32_t level = 0;
  std::uint32_t iteration = 0;
  std::string stop_explanation;
  std::vector<double> variance_gy2;
};

namespace dh_advisor::c {

/// Nothing for a handle that is NULL or has no session.
inline Session* session_of(const dh_advisor_session* handle) {
  return handle == nullptr ? nullptr : handle->session.get();
}

}  // namespace dh_advisor::c
