#pragma once

#include <exception>
#include <stdexcept>
#include <string>

#include "case/finding.h"
#include "rtmodel/rtmodel.h"

namespace rtmodel::c_api {

/// The thread's last failure.
std::string& last_error();

/// Runs `body` and turns whatever it throws into a status and a sentence: nothing crosses the C boundary.
template <typename Body>
int guarded(Body&& body) {
  try {
    last_error().clear();
    body();
    return RTMODEL_OK;
  } catch (const InputError& fault) {
    last_error() = fault.what();
    return RTMODEL_BAD_INPUT;
  } catch (const std::invalid_argument& fault) {
    last_error() = fault.what();
    return RTMODEL_BAD_INPUT;
  } catch (const std::exception& fault) {
    last_error() = std::string("unexpected fault: ") + fault.what();
    return RTMODEL_FAULT;
  }
}

inline void require(bool is_good, const std::string& sentence) {
  if (!is_good) throw InputError(sentence);
}

inline void require_length(size_t given, size_t wanted, const char* what) {
  require(given == wanted,
          std::string(what) + ": " + std::to_string(given) + " values given, " + std::to_string(wanted) + " needed");
}

}  // namespace rtmodel::c_api
