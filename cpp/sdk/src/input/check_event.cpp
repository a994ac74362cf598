#include "input/check_event.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>

#include "input/input_check.h"

namespace dh_advisor {
namespace {

constexpr std::uint32_t kPathSamples = 100;

/// Columns of a tensor of that kind; 0 = a vector.
std::size_t columns_of(TensorKind kind, const PlanCounts& counts) {
  switch (kind) {
    case TensorKind::kStructureMeanDose:
    case TensorKind::kStructureMaxDose:
      return counts.structures;
    case TensorKind::kPathDensity:
      return kPathSamples;
    default:
      return 0;
  }
}

std::string shape_text(const std::vector<std::uint32_t>& shape) {
  std::string text = "(";
  for (std::uint32_t extent : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
  return text + ")";
}

/// The shape that its kind and the level give a tensor, and nothing but finite numbers.
void check_tensor(const TensorView& tensor, std::size_t index, std::size_t beamlets, const PlanCounts& counts,
                  InputCheck& check) {
  const std::string at = item("tensors", index);
  check.one_of(tensor.kind, TensorKind::kGradient, TensorKind::kPathDensity, at + ".kind");
  check.require(tensor.data != nullptr, at + ".data", "is null");
  if (!check.is_good()) return;
  const std::size_t columns = columns_of(tensor.kind, counts);
  std::vector<std::uint32_t> wanted = {static_cast<std::uint32_t>(beamlets)};
  if (beamlets == 0) wanted[0] = tensor.shape.empty() ? 0 : tensor.shape[0];
  if (columns > 0) wanted.push_back(static_cast<std::uint32_t>(columns));
  if (tensor.shape != wanted || wanted[0] == 0) {
    check.require(false, at + ".shape", shape_text(tensor.shape) + " must be " + shape_text(wanted));
    return;
  }
  const std::size_t count = std::size_t{wanted[0]} * std::max<std::size_t>(columns, 1);
  const double* const end = tensor.data + count;
  const double* const bad = std::find_if(tensor.data, end, [](double value) { return !std::isfinite(value); });
  check.require(bad == end, at, bad == end ? "" : "is not finite at " + std::to_string(bad - tensor.data));
}

void check_tensors(const std::vector<TensorView>& tensors, std::size_t beamlets, const PlanCounts& counts,
                   InputCheck& check) {
  for (std::size_t i = 0; i < tensors.size() && check.is_good(); ++i) {
    check_tensor(tensors[i], i, beamlets, counts, check);
    const auto same_kind = [&](const TensorView& earlier) { return earlier.kind == tensors[i].kind; };
    check.require(std::find_if(tensors.begin(), tensors.begin() + static_cast<std::ptrdiff_t>(i), same_kind) ==
                      tensors.begin() + static_cast<std::ptrdiff_t>(i),
                  item("tensors", i, "kind"), "is there twice");
  }
}

}  // namespace

Status check(const Geometry& geometry, const PlanCounts& counts) {
  InputCheck check("geometry");
  std::set<std::uint32_t> seen;
  for (std::size_t i = 0; i < geometry.structures.size() && check.is_good(); ++i) {
    const StructureGeometry& structure = geometry.structures[i];
    const auto field = [i](const char* name) { return item("structures", i, name); };
    check.require(structure.structure < counts.structures, field("structure"), "is no structure of the plan");
    check.require(seen.insert(structure.structure).second, field("structure"), "is there twice");
    check.finite(structure.sphericity, field("sphericity"));
    check.finite(structure.dose_gradient_gy_per_mm, field("dose_gradient_gy_per_mm"));
    check.not_negative(structure.target_distance_mm, field("target_distance_mm"));
  }
  check_tensors(geometry.tensors, counts.level_beamlets[0], counts, check);
  return check.status();
}

Status check(const LevelStart& start, const PlanCounts& counts) {
  InputCheck check("level start");
  check.require(start.level < counts.level_beamlets.size(), "level", "is no level of the plan");
  if (!check.is_good()) return check.status();
  check.require(start.beamlet_count == counts.level_beamlets[start.level], "beamlet_count",
                "is another than the plan start named for this level");
  check.not_negative(start.histogram_sigma_gy, "histogram_sigma_gy");
  check.not_negative(start.variance_lower_gy2, "variance_lower_gy2");
  check.not_negative(start.variance_upper_gy2, "variance_upper_gy2");
  check.require(start.variance_upper_gy2 >= start.variance_lower_gy2, "variance_upper_gy2",
                "is below variance_lower_gy2");
  check.finite(start.objective, "objective");
  check_tensors(start.tensors, start.beamlet_count, counts, check);
  return check.status();
}

Status check(const Iteration& iteration, std::size_t beamlets, const PlanCounts& counts) {
  InputCheck check("iteration");
  check.finite(iteration.objective, "objective");
  check.finite(iteration.gradient_norm, "gradient_norm");
  check.finite(iteration.step_length, "step_length");
  check.finite(iteration.elapsed_ms, "elapsed_ms");
  check_tensors(iteration.tensors, beamlets, counts, check);
  return check.status();
}

Status check(const LevelEnd& end) {
  InputCheck check("level end");
  check.one_of(end.stop_reason, StopReason::kTolerance, StopReason::kSafeguard, "stop_reason");
  check.finite(end.objective, "objective");
  check.finite(end.elapsed_ms, "elapsed_ms");
  return check.status();
}

Status check(const VolumeView& volume) {
  InputCheck check("volume");
  check.one_of(volume.kind, TensorKind::kCt, TensorKind::kStructureMask, "kind");
  check.require(volume.data != nullptr, "data", "is null");
  // Offsets on the wire have 32 bits. Divided, because the product of three extents may overflow.
  std::uint64_t room = std::numeric_limits<std::uint32_t>::max() / 2;
  for (std::uint32_t extent : volume.shape) {
    check.require(extent > 0, "shape", "is empty");
    room = extent > 0 ? room / extent : room;
  }
  check.require(room > 0, "shape", "is larger than 4 GiB");
  for (double spacing : volume.spacing_mm) check.positive(spacing, "spacing_mm");
  return check.status();
}

}  // namespace dh_advisor
