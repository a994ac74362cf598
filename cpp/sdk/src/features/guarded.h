#pragma once

#include <exception>
#include <new>
#include <utility>

#include "dh_advisor/status.h"

namespace dh_advisor {

/// Thrown inside a builder, never out of it: the caller's mistake.
struct InputMistake {
  std::string sentence;
};

/// Runs `body` and turns what it throws into a status.
template <typename Body>
Status guarded(const char* what, Body&& body) noexcept {
  Status status;
  try {
    try {
      std::forward<Body>(body)();
    } catch (const InputMistake& mistake) {
      status = Status::failed(StatusCode::kInvalidInput, std::string(what) + ": " + mistake.sentence);
    } catch (const std::bad_alloc&) {
      status.code = StatusCode::kFault;
      status.message.assign("out of memory");  // Short enough to need none.
    } catch (const std::exception& fault) {
      status = Status::failed(StatusCode::kFault, std::string(what) + ": a callback threw: " + fault.what());
    }
  } catch (...) {
    status.code = StatusCode::kFault;
  }
  return status;
}

inline void require(bool holds, const char* sentence) {
  if (!holds) throw InputMistake{sentence};
}

}  // namespace dh_advisor
