#include "case/read_case.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "case/case_description.h"
#include "case/nifti_volume.h"
#include "checks/checks.h"
#include "files/text.h"

namespace rtmodel {
namespace {

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

/// A volume of the case: a regular file in its folder, also behind links, since a case may come from anybody.
bool is_inside(const std::filesystem::path& folder, const std::string& file, Findings& findings) {
  std::error_code fault;
  const auto root = std::filesystem::canonical(folder, fault);
  const auto target = std::filesystem::canonical(folder / file, fault);
  // What is missing or has no proper name is told where it is opened.
  if (fault || std::mismatch(root.begin(), root.end(), target.begin(), target.end()).first == root.end()) return true;
  findings.error(quotable(file), "is a link to a file outside the case's folder", "put the file itself there");
  return false;
}

/// Everything that needs more than one file.
void check_together(const CaseDescription& description, Findings& findings) {
  const Case& value = description.value;
  const bool has_ct = !value.ct_hu.empty(), has_masks = !value.masks.empty();
  if (has_ct) check_hu(value, description.ct_file, findings);
  if (has_masks && !check_label_map(value, description.masks_file, findings)) {
    check_structures(description, findings);
    check_sides(value, description.masks_file, findings);
    // Told once: where the values are no HU, nothing is where it should be.
    if (has_ct && !findings.has_error_at(description.ct_file)) check_body(value, description.ct_file, findings);
  }
  check_prescriptions(value, findings);
  if (value.grid.voxel_count() > 0) check_isocenter(value, findings);
}

}  // namespace

CaseReading read_case(const std::filesystem::path& folder) {
  CaseReading reading;
  Findings& findings = reading.findings;
  std::error_code fault;
  if (!std::filesystem::is_directory(folder, fault)) {
    const bool is_known = !fault || fault == std::errc::no_such_file_or_directory;
    findings.error(quotable(folder.string()), "is not a folder" + (is_known ? "" : " (" + fault.message() + ")"),
                   "give the folder of a case");
    return reading;
  }
  auto description = read_description(folder / "case.json", findings);
  const CaseDescription names = description ? *description : CaseDescription{};
  std::optional<Volume<std::int16_t>> ct;
  std::optional<Volume<Mask>> masks;
  if (is_inside(folder, names.ct_file, findings)) ct = read_ct(folder / names.ct_file, findings);
  if (is_inside(folder, names.masks_file, findings)) masks = read_masks(folder / names.masks_file, findings);
  if (!description) return reading;

  Case& value = description->value;
  if (ct) check_grid(ct->grid, value.grid, names.ct_file, findings);
  if (masks) check_grid(masks->grid, value.grid, names.masks_file, findings);
  if (ct && ct->grid.size == value.grid.size) value.ct_hu = std::move(ct->voxels);
  if (masks && masks->grid.size == value.grid.size) value.masks = std::move(masks->voxels);
  check_together(*description, findings);
  if (!findings.has_errors()) reading.value = std::move(value);
  return reading;
}

Case require_case(const std::filesystem::path& folder, std::vector<std::string>* warnings) {
  auto reading = read_case(folder);
  if (warnings != nullptr)
    for (const auto& finding : reading.findings.list())
      if (finding.severity == Finding::Severity::kWarning) warnings->push_back(finding.text());
  if (reading.value) return std::move(*reading.value);
  std::string text = "the case " + quotable(folder.string()) + " can't be used:";
  for (const auto& finding : reading.findings.list())
    if (finding.severity == Finding::Severity::kError) text += "\n  " + finding.text();
  throw InputError(text);
}

}  // namespace rtmodel
