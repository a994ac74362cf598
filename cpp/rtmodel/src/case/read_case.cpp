#include "case/read_case.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "case/case_description.h"
#include "case/nifti_volume.h"

namespace rtmodel {
namespace {

/// Below vacuum with noise; scanners pad with -2000 or -3024, which would count as density there.
constexpr int kLowestHu = -1100;
/// Metal on an extended scale ends below this.
constexpr int kHighestHu = 31000;
/// Soft tissue makes up most of any body: a median outside means an offset left in, or other units.
constexpr int kBodyMedianHu = 600;

void check_grid(const Grid& of_volume, const Grid& of_description, const std::string& where, Findings& findings) {
  const auto tell = [&](const char* what, auto volume, auto description) {
    std::string text = std::string("has the ") + what;
    for (int axis = 0; axis < 3; ++axis) text += " " + std::to_string(volume[axis]);
    text += ", but case.json says";
    for (int axis = 0; axis < 3; ++axis) text += " " + std::to_string(description[axis]);
    findings.error(where, text, "make the volume and case.json agree");
  };
  const auto differs = [](const Vector3& a, const Vector3& b) {
    return std::fabs(a[0] - b[0]) > 0.01 || std::fabs(a[1] - b[1]) > 0.01 || std::fabs(a[2] - b[2]) > 0.01;
  };
  if (of_volume.size != of_description.size) tell("size", of_volume.size, of_description.size);
  if (differs(of_volume.spacing_mm, of_description.spacing_mm))
    tell("spacing", of_volume.spacing_mm, of_description.spacing_mm);
  if (differs(of_volume.origin_mm, of_description.origin_mm))
    tell("origin", of_volume.origin_mm, of_description.origin_mm);
}

void check_structures(const Case& value, const std::string& where, Findings& findings) {
  std::uint16_t known = 0;
  for (const auto& structure : value.structures) {
    if (structure.bit < 0) continue;
    known |= static_cast<std::uint16_t>(1U << structure.bit);
    const bool is_empty = std::none_of(value.masks.begin(), value.masks.end(),
                                       [&](std::uint16_t mask) { return mask >> structure.bit & 1; });
    if (!is_empty) continue;
    const std::string what = "has no voxel of " + structure.name + " (bit " + std::to_string(structure.bit) + ")";
    if (structure.role == CaseRole::kOrgan) {
      findings.warn(where, what, "the organ is left out");
    } else {
      findings.error(where, what, "contour it, or take it out of case.json");
    }
  }
  const auto strangers = std::count_if(value.masks.begin(), value.masks.end(),
                                       [known](std::uint16_t mask) { return (mask & ~known) != 0; });
  if (strangers > 0)
    findings.warn(where, std::to_string(strangers) + " voxels have bits of no structure", "they are ignored");
}

void check_hu(const Case& value, const std::string& where, Findings& findings) {
  const auto impossible =
      std::count_if(value.ct_hu.begin(), value.ct_hu.end(), [](int hu) { return hu < kLowestHu || hu > kHighestHu; });
  if (impossible > 0) {
    const auto [low, high] = std::minmax_element(value.ct_hu.begin(), value.ct_hu.end());
    findings.error(where,
                   std::to_string(impossible) + " voxels have impossible HU (" + std::to_string(*low) + " to " +
                       std::to_string(*high) + ")",
                   "set padding to air, -1000 HU, and check slope and intercept");
  }
  for (const auto& structure : value.structures) {
    if (structure.role != CaseRole::kBody || structure.bit < 0) continue;
    std::vector<std::int16_t> inside;
    for (std::size_t i = 0; i < value.masks.size(); ++i)
      if (value.is_in(structure, i)) inside.push_back(value.ct_hu[i]);
    if (inside.empty()) continue;
    std::nth_element(inside.begin(), inside.begin() + inside.size() / 2, inside.end());
    const int median = inside[inside.size() / 2];
    if (std::abs(median) > kBodyMedianHu)
      findings.error(where, "has a median of " + std::to_string(median) + " HU inside the body",
                     "check the intercept, and that CT and contours belong together");
  }
}

void check_isocenter(const Case& value, Findings& findings) {
  for (int axis = 0; axis < 3; ++axis) {
    const double first = value.grid.origin_mm[axis] - 0.5 * value.grid.spacing_mm[axis];
    const double last = first + value.grid.size[axis] * value.grid.spacing_mm[axis];
    if (value.isocenter_mm[axis] >= first && value.isocenter_mm[axis] <= last) continue;
    findings.error("case.json isocenter_mm", "lies outside the grid", "give it in the frame of the grid, LPS, mm");
    return;
  }
}

}  // namespace

CaseReading read_case(const std::filesystem::path& folder) {
  CaseReading reading;
  Findings& findings = reading.findings;
  if (!std::filesystem::is_directory(folder)) {
    findings.error(folder.string(), "is not a folder", "give the folder of a case");
    return reading;
  }
  auto description = read_description(folder / "case.json", findings);
  const CaseDescription names = description ? *description : CaseDescription{};
  auto ct = read_ct(folder / names.ct_file, findings);
  auto masks = read_masks(folder / names.masks_file, findings);
  if (!description) return reading;

  Case& value = description->value;
  if (ct) check_grid(ct->grid, value.grid, names.ct_file, findings);
  if (masks) check_grid(masks->grid, value.grid, names.masks_file, findings);
  if (ct && ct->voxels.size() == value.grid.voxel_count()) value.ct_hu = std::move(ct->voxels);
  if (masks && masks->voxels.size() == value.grid.voxel_count()) value.masks = std::move(masks->voxels);
  if (!value.masks.empty()) check_structures(value, names.masks_file, findings);
  if (!value.ct_hu.empty() && !value.masks.empty()) check_hu(value, names.ct_file, findings);
  if (value.grid.voxel_count() > 0) check_isocenter(value, findings);
  if (!findings.has_errors()) reading.value = std::move(value);
  return reading;
}

Case require_case(const std::filesystem::path& folder, std::vector<std::string>* warnings) {
  auto reading = read_case(folder);
  if (warnings != nullptr)
    for (const auto& finding : reading.findings.list())
      if (finding.severity == Finding::Severity::kWarning) warnings->push_back(finding.text());
  if (reading.value) return std::move(*reading.value);
  std::string text = "the case " + folder.string() + " can't be used:";
  for (const auto& finding : reading.findings.list())
    if (finding.severity == Finding::Severity::kError) text += "\n  " + finding.text();
  throw InputError(text);
}

}  // namespace rtmodel
