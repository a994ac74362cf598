#pragma once

#include <string>
#include <utility>

#include "dh_advisor/export.h"

namespace dh_advisor {

/// Why a call to the advisor did not give an answer. Every one of them means: carry on without advice.
enum class StatusCode {
  kOk = 0,
  kInvalidInput,      ///< The caller passed something that can't be sent; nothing of it went out.
  kUnreachable,       ///< No host at the address, or the connection broke.
  kRefused,           ///< The host closed the stream with an error, for instance another protocol major.
  kClosed,            ///< The host closed the stream cleanly: "carry on without me".
  kDeadlineExceeded,  ///< No answer in time.
  kSwitchedOff,       ///< The mode is off, repeated questions failed, or the plan's waiting budget is spent.
  kProtocolError,     ///< The host sent what can't be decoded, or a flood of messages that answer nothing.
  kFault,             ///< The client itself failed: no memory, or no thread.
};

/// A code and a sentence for people. Never thrown; returned.
struct Status {
  StatusCode code = StatusCode::kOk;
  std::string message;

  bool ok() const { return code == StatusCode::kOk; }

  static Status okay() { return {}; }
  static Status failed(StatusCode code, std::string message) { return {code, std::move(message)}; }
};

/// Stable lower-case name of a code, such as `deadline-exceeded`. Thread-safe.
DH_ADVISOR_API const char* name_of(StatusCode code);

}  // namespace dh_advisor
