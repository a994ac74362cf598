#pragma once

#include <algorithm>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "c/convert.h"
#include "dh_advisor/c_checks.h"
#include "dh_advisor/checks.h"
#include "dh_advisor/resample.h"

/// What functions of the C interface without a session share: their last error, and their input.
namespace dh_advisor::c {

/// Keeps the sentence for dh_advisor_last_error and returns the number.
int finish_call(const Status& status) noexcept;

/// Runs `body`, which returns a Status, and lets nothing out.
template <typename Body>
int plain_call(Body&& body) noexcept {
  Status status;
  try {
    try {
      status = body();
    } catch (const std::invalid_argument& mistake) {
      status = Status::failed(StatusCode::kInvalidInput, mistake.what());
    }
  } catch (...) {
    status.code = StatusCode::kFault;
    status.message.assign("out of memory");  // Short enough to need none.
  }
  return finish_call(status);
}

template <typename Value, typename Out>
void copy_out(const std::vector<Value>& values, Out* out) {
  if (out != nullptr) std::copy(values.begin(), values.end(), out);
}

VoxelGrid to_grid(const dh_advisor_voxel_grid* in);
VoxelSpan to_span(const dh_advisor_voxel_span& in);
FeatureInput to_features(const dh_advisor_feature_input* in, const char* what);
Vector3 to_vector(const double* in, const char* what);

}  // namespace dh_advisor::c

struct dh_advisor_resampling {
  dh_advisor::Resampling resampling;
};
