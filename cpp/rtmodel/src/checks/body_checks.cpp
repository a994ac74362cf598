#include <array>
#include <cmath>
#include <cstdio>

#include "checks/checks.h"

namespace rtmodel {
namespace {

/// At least this is tissue, and not air, foam or lung.
constexpr int kTissueHu = -300;
/// Of 203 OpenKBP patients those with whole CTs have less than 4 % of their body in air and 0.4 % of their tissue
/// outside of it; 20 mm of shift make 9 % or more of both.
constexpr double kWarnedShare = 0.05, kWarnedBoth = 0.02, kRefusedBoth = 0.08, kRefusedAir = 0.5;
/// A mirrored mask may fit better by chance only where both fit well.
constexpr double kMirrorGain = 0.01, kMirrorShare = 0.5;

struct Mismatch {
  double air_inside = 0.0;      ///< Share of the body.
  double tissue_outside = 0.0;  ///< Share of the tissue.

  double sum() const { return air_inside + tissue_outside; }
};

struct Center {
  double voxels = 0.0;
  Vector3 sum_mm{};

  void add(const Vector3& at_mm) {
    voxels += 1.0;
    for (int axis = 0; axis < 3; ++axis) sum_mm[axis] += at_mm[axis];
  }
};

/// With the contours mirrored along `axis`, or as they are when it is negative.
Mismatch mismatch_of(const Case& value, const CaseStructure& body, int axis) {
  const Grid& grid = value.grid;
  double in_body = 0.0, in_tissue = 0.0, air_inside = 0.0, tissue_outside = 0.0;
  for (std::size_t i = 0; i < value.masks.size(); ++i) {
    std::size_t at = i;
    if (axis >= 0) {
      auto place = grid.coordinates(static_cast<int>(i));
      place[axis] = grid.size[axis] - 1 - place[axis];
      at = static_cast<std::size_t>(grid.index(place[0], place[1], place[2]));
    }
    const bool is_inside = value.is_in(body, at), is_tissue = value.ct_hu[i] > kTissueHu;
    in_body += is_inside ? 1.0 : 0.0;
    in_tissue += is_tissue ? 1.0 : 0.0;
    air_inside += is_inside && value.ct_hu[i] < kAirHu ? 1.0 : 0.0;
    tissue_outside += is_tissue && !is_inside ? 1.0 : 0.0;
  }
  return {in_body > 0.0 ? air_inside / in_body : 0.0, in_tissue > 0.0 ? tissue_outside / in_tissue : 0.0};
}

/// Such as `; the CT lies 60 mm further along x`.
std::string shift_between(const Case& value, const CaseStructure& body) {
  Center of_body, of_tissue;
  for (std::size_t i = 0; i < value.masks.size(); ++i) {
    const Vector3 at_mm = value.grid.center_mm(static_cast<int>(i));
    if (value.is_in(body, i)) of_body.add(at_mm);
    if (value.ct_hu[i] > kTissueHu) of_tissue.add(at_mm);
  }
  if (of_body.voxels == 0.0 || of_tissue.voxels == 0.0) return "";
  std::string text;
  for (int axis = 0; axis < 3; ++axis) {
    const double shift_mm = of_tissue.sum_mm[axis] / of_tissue.voxels - of_body.sum_mm[axis] / of_body.voxels;
    char part[48];
    std::snprintf(part, sizeof part, "%s%.0f", axis == 0 ? "" : ", ", shift_mm);
    text += part;
  }
  return "the tissue's centre lies " + text + " mm (x, y, z) from the body's";
}

}  // namespace

const CaseStructure* body_of(const Case& value) {
  for (const auto& structure : value.structures)
    if (structure.role == CaseRole::kBody && structure.bit >= 0) return &structure;
  return nullptr;
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g %%", 100.0 * share);
  return text;
}

void check_body(const Case& value, const std::string& ct_file, Findings& findings) {
  const CaseStructure* body = body_of(value);
  if (body == nullptr || value.count_voxels(*body) == 0) return;
  const Mismatch found = mismatch_of(value, *body, -1);
  for (int axis = 0; axis < 3 && found.sum() > kMirrorGain; ++axis) {
    const Mismatch mirrored = mismatch_of(value, *body, axis);
    if (mirrored.sum() > kMirrorShare * found.sum() || mirrored.sum() > found.sum() - kMirrorGain) continue;
    findings.error(ct_file,
                   std::string("and the contours are mirrored against each other along ") + "xyz"[axis] + ": " +
                       percent(found.tissue_outside) + " of the tissue lies outside the body, and " +
                       percent(mirrored.tissue_outside) + " when one is turned round",
                   "store both with the axes L, P, S");
    return;
  }
  const std::string what = percent(found.air_inside) + " of the body is air in the CT and " +
                           percent(found.tissue_outside) + " of the CT's tissue lies outside the body; " +
                           shift_between(value, *body);
  const std::string fix = "check that CT and contours are of one patient and in one place";
  const bool is_refused =
      (found.air_inside > kRefusedBoth && found.tissue_outside > kRefusedBoth) || found.air_inside > kRefusedAir;
  if (is_refused) {
    findings.error(ct_file, "and the contours do not match: " + what, fix);
  } else if (found.air_inside > kWarnedShare || found.tissue_outside > kWarnedShare ||
             (found.air_inside > kWarnedBoth && found.tissue_outside > kWarnedBoth)) {
    findings.warn(ct_file, what, fix);
  }
}

}  // namespace rtmodel
