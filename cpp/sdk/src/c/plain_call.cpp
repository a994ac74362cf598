#include "c/plain_call.h"

#include <array>

namespace dh_advisor::c {
namespace {

/// Of fixed size, so that keeping a sentence never fails.
thread_local std::array<char, 1024> last_error{};

}  // namespace

int finish_call(const Status& status) noexcept {
  const std::size_t length = status.ok() ? 0 : std::min(status.message.size(), last_error.size() - 1);
  std::copy_n(status.message.begin(), length, last_error.begin());
  last_error[length] = '\0';
  return static_cast<int>(status.code);
}

VoxelGrid to_grid(const dh_advisor_voxel_grid* in) {
  required(in, "grid");
  VoxelGrid out;
  std::copy(std::begin(in->size), std::end(in->size), out.size.begin());
  std::copy(std::begin(in->spacing_mm), std::end(in->spacing_mm), out.spacing_mm.begin());
  std::copy(std::begin(in->origin_mm), std::end(in->origin_mm), out.origin_mm.begin());
  return out;
}

VoxelSpan to_span(const dh_advisor_voxel_span& in) { return {in.voxels, in.count}; }

Vector3 to_vector(const double* in, const char* what) {
  required(in, what);
  return {in[0], in[1], in[2]};
}

FeatureInput to_features(const dh_advisor_feature_input* given, const char* what) {
  const dh_advisor_feature_input in = read_sized(given, what);
  FeatureInput out;
  out.grid = to_grid(&in.grid);
  out.beamlet_count = in.beamlet_count;
  if (in.structure_count > kMostStructures)
    throw std::invalid_argument("structure_count is " + std::to_string(in.structure_count));
  if (in.structure_count > 0) required(in.structures, "structures");
  for (std::size_t s = 0; s < in.structure_count; ++s)
    out.structures.push_back({to_span(in.structures[s].contour), to_span(in.structures[s].planned)});
  if (in.dose == nullptr) throw std::invalid_argument("dose is NULL");
  out.dose = [dose = in.dose, context = in.dose_context](const DoseSink& sink) {
    // The opaque type of the C interface is the sink itself.
    dose(context, reinterpret_cast<const dh_advisor_dose_sink*>(&sink));
  };
  return out;
}

}  // namespace dh_advisor::c

extern "C" {

const char* dh_advisor_last_error(void) { return dh_advisor::c::last_error.data(); }

void dh_advisor_add_dose(const dh_advisor_dose_sink* sink, uint32_t beamlet, uint32_t voxel, double gy_per_weight) {
  if (sink != nullptr) (*reinterpret_cast<const dh_advisor::DoseSink*>(sink))(beamlet, voxel, gy_per_weight);
}

}  // extern "C"
