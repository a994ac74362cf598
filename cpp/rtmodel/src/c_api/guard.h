#pragma once

#include <exception>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include "case/finding.h"
#include "rtmodel/rtmodel.h"

namespace rtmodel::c_api {

/// The thread's last failure.
std::string& last_error();

/// Keeps a sentence; without memory for it, none.
inline void tell(const char* sentence, const char* before = "") noexcept {
  try {
    last_error() = std::string(before) + sentence;
  } catch (...) {
    last_error().clear();
  }
}

/// Runs `body` and turns whatever it throws into a status and a sentence: nothing crosses the C boundary.
template <typename Body>
int guarded(Body&& body) noexcept {
  try {
    last_error().clear();
    body();
    return RTMODEL_OK;
  } catch (const InputError& fault) {
    tell(fault.what());
    return RTMODEL_BAD_INPUT;
  } catch (const std::invalid_argument& fault) {
    tell(fault.what());
    return RTMODEL_BAD_INPUT;
  } catch (const std::filesystem::filesystem_error& fault) {
    tell(fault.what());
    return RTMODEL_BAD_INPUT;
  } catch (const std::bad_alloc&) {
    tell("not enough memory; use larger beamlets, fewer beams or a window");
    return RTMODEL_BAD_INPUT;
  } catch (const std::exception& fault) {
    tell(fault.what(), "unexpected fault: ");
    return RTMODEL_FAULT;
  } catch (...) {
    // Such as what a callback of the caller's threw through.
    tell("unexpected fault of unknown kind");
    return RTMODEL_FAULT;
  }
}

/// For functions that return no status: runs `body`, and leaves what they fill as it is when it throws;
/// rtmodel_LastError then says why.
template <typename Body>
void guarded_fill(Body&& body) noexcept {
  guarded(std::forward<Body>(body));
}

inline void require(bool is_good, const std::string& sentence) {
  if (!is_good) throw InputError(sentence);
}

inline void require_length(size_t given, size_t wanted, const char* what) {
  require(given == wanted,
          std::string(what) + ": " + std::to_string(given) + " values given, " + std::to_string(wanted) + " needed");
}

}  // namespace rtmodel::c_api
