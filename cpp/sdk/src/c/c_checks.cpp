#include "dh_advisor/c_checks.h"

#include "c/plain_call.h"

using dh_advisor::CheckResult;
using dh_advisor::DirectionSpace;
using dh_advisor::Status;
namespace c = dh_advisor::c;

namespace {

/// Cut where it does not fit, and never within a character of UTF-8.
template <std::size_t Size>
void copy_text(const std::string& text, char (&out)[Size]) {
  std::size_t length = std::min(text.size(), Size - 1);
  while (length > 0 && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
  std::copy_n(text.begin(), length, out);
  out[length] = '\0';
}

void hand_out(const CheckResult& found, dh_advisor_check_result* result) {
  dh_advisor_check_result out{};
  out.outcome = static_cast<int>(found.outcome);
  out.fault = static_cast<int>(found.fault);
  out.ratio = found.ratio;
  out.value_calls = found.value_calls;
  copy_text(found.field, out.field);
  copy_text(found.finding, out.finding);
  c::write_sized(out, result);
}

/// Runs a check, whose result is "unclear" unless it comes to another.
template <typename Check>
int checked(dh_advisor_check_result* result, Check&& check) noexcept {
  return c::plain_call([&] {
    c::read_sized(result, "result");
    CheckResult found;
    hand_out(found, result);
    const Status status = check(found);
    hand_out(found, result);
    return status;
  });
}

}  // namespace

extern "C" {

const char* dh_advisor_fault_name(int fault) { return name_of(static_cast<dh_advisor::CheckFault>(fault)); }

int dh_advisor_check_gradient(const dh_advisor_gradient_check* check, dh_advisor_check_result* result) {
  return checked(result, [&](CheckResult& found) {
    const dh_advisor_gradient_check in = c::read_sized(check, "check");
    dh_advisor::GradientCheckInput input;
    if (in.objective != nullptr) {
      input.objective = [&in](const double* values, std::size_t n) {
        return in.objective(in.objective_context, values, n);
      };
    }
    if (in.space != DH_ADVISOR_SPACE_NONE) input.space = static_cast<DirectionSpace>(in.space);
    input.weights = in.weights;
    input.gradient = in.gradient;
    input.beamlet_count = in.beamlet_count;
    input.weight_ceiling = in.weight_ceiling;
    input.weight_steepness = in.weight_steepness;
    return dh_advisor::check_gradient(input, found);
  });
}

int dh_advisor_check_geometry(const dh_advisor_geometry_check* check, dh_advisor_check_result* result) {
  return checked(result, [&](CheckResult& found) {
    const dh_advisor_geometry_check in = c::read_sized(check, "check");
    dh_advisor::GeometryCheckInput input;
    input.features = c::to_features(in.features, "features");
    input.structures = c::to_structures(in.structures, input.features.structures.size());
    input.beams = c::to_beams(in.beams, in.beam_count);
    input.isocenter_mm = c::to_vector(in.isocenter_mm, "isocenter_mm");
    input.weight_ceiling = in.weight_ceiling;
    input.uniform_weight = in.uniform_weight;
    dh_advisor::Geometry geometry;
    if (in.geometry != nullptr) {
      geometry = c::to_geometry(in.geometry);
      input.geometry = &geometry;
    }
    if (in.resampling != nullptr) {
      const dh_advisor::Resampling& resampling = in.resampling->resampling;
      const Status status = resampling.dose_of_model(input.features, input.features.dose);
      if (!status.ok()) return status;
      input.features.beamlet_count = static_cast<std::uint32_t>(resampling.model_count());
    }
    return dh_advisor::check_geometry(input, found);
  });
}

}  // extern "C"
