#include <cmath>
#include <cstdio>

#include "checks/checks.h"

namespace rtmodel {
namespace {

/// Doses of whole courses begin above; single fractions end below.
constexpr double kLowestCourseGy = 10.0;
/// Above any course in use: biological doses, per cent or mistakes.
constexpr double kHighestCourseGy = 100.0;

std::string in_gy(double dose) {
  char text[32];
  std::snprintf(text, sizeof text, "%g Gy", dose);
  return text;
}

}  // namespace

void check_prescriptions(const Case& value, Findings& findings) {
  for (std::size_t s = 0; s < value.structures.size(); ++s) {
    const auto& structure = value.structures[s];
    if (structure.role != CaseRole::kTarget || !structure.prescribed_dose_gy) continue;
    const double dose = *structure.prescribed_dose_gy;
    const std::string where = "case.json structures[" + std::to_string(s) + "].prescription_gy";
    if (dose < kLowestCourseGy)
      findings.warn(where, "is " + in_gy(dose) + " for " + structure.name + ", as of one fraction",
                    "give the total dose of all fractions");
    if (dose >= kHighestCourseGy)
      findings.warn(where, "is " + in_gy(dose) + " for " + structure.name + ", more than courses have",
                    "give Gy, and neither per cent nor cGy");
  }
}

void check_isocenter(const Case& value, Findings& findings) {
  std::array<int, 3> voxel{};
  for (int axis = 0; axis < 3; ++axis) {
    const double position = (value.isocenter_mm[axis] - value.grid.origin_mm[axis]) / value.grid.spacing_mm[axis];
    if (!(position >= -0.5 && position <= value.grid.size[axis] - 0.5)) {
      findings.error("case.json isocenter_mm", "lies outside the grid", "give it in the frame of the grid, LPS, mm");
      return;
    }
    voxel[axis] = std::min(static_cast<int>(std::lround(position)), value.grid.size[axis] - 1);
  }
  const CaseStructure* body = body_of(value);
  if (body == nullptr || value.masks.empty() || value.count_voxels(*body) == 0) return;
  if (!value.is_in(*body, static_cast<std::size_t>(value.grid.index(voxel[0], voxel[1], voxel[2]))))
    findings.warn("case.json isocenter_mm", "lies outside the body",
                  "give it in the frame of the grid, LPS, mm, and in the targets");
}

}  // namespace rtmodel
