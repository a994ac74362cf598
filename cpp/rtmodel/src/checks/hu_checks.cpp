#include <algorithm>
#include <cstdlib>

#include "checks/checks.h"

namespace rtmodel {
namespace {

/// Below vacuum with noise; scanners pad with -2000 or -3024, which would count as density there.
constexpr int kLowestHu = -1100;
/// Metal on an extended scale ends below this.
constexpr int kHighestHu = 31000;
/// Soft tissue makes up most of any body: a median outside means an offset left in, or other units.
constexpr int kBodyMedianHu = 600;
/// Around a patient there is air, a couch, and masks of foam: mostly air.
constexpr int kSurroundingsHu = -500;
/// A body that fills its grid leaves too little around it to be judged.
constexpr double kFewSurroundings = 0.01;
/// Densities relative to water end below this, also for metal.
constexpr int kHighestDensity = 20;

int median_of(std::vector<std::int16_t>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void check_surroundings(std::vector<std::int16_t>& outside, std::size_t all, int lowest, const std::string& ct_file,
                        Findings& findings) {
  if (static_cast<double>(outside.size()) < kFewSurroundings * static_cast<double>(all)) {
    if (lowest > kSurroundingsHu)
      findings.warn(ct_file, "has no air anywhere: its lowest value is " + std::to_string(lowest),
                    "check that it holds HU, with air at -1000");
    return;
  }
  const int median = median_of(outside);
  if (median > kSurroundingsHu)
    findings.error(ct_file, "has a median of " + std::to_string(median) + " HU outside the body, where air is",
                   "check that it holds HU, with air and padding at -1000, and that CT and contours belong together");
}

}  // namespace

void check_hu(const Case& value, const std::string& ct_file, Findings& findings) {
  const auto [low, high] = std::minmax_element(value.ct_hu.begin(), value.ct_hu.end());
  if (*low == *high) {
    findings.error(ct_file, "has the same value everywhere, " + std::to_string(*low), "store the CT in HU");
    return;
  }
  if (*low >= 0 && *high <= kHighestDensity) {
    findings.error(ct_file,
                   "has values from " + std::to_string(*low) + " to " + std::to_string(*high) +
                       ", which look like densities or labels",
                   "store HU: air -1000, water 0");
    return;
  }
  const auto impossible =
      std::count_if(value.ct_hu.begin(), value.ct_hu.end(), [](int hu) { return hu < kLowestHu || hu > kHighestHu; });
  if (impossible > 0)
    findings.error(ct_file,
                   std::to_string(impossible) + " voxels have impossible HU (" + std::to_string(*low) + " to " +
                       std::to_string(*high) + ")",
                   "set padding to air, -1000 HU, and check slope and intercept");
  const CaseStructure* body = body_of(value);
  if (body == nullptr || value.masks.empty()) return;
  std::vector<std::int16_t> inside, outside;
  for (std::size_t i = 0; i < value.masks.size(); ++i)
    (value.is_in(*body, i) ? inside : outside).push_back(value.ct_hu[i]);
  if (inside.empty()) return;
  const int median = median_of(inside);
  if (std::abs(median) > kBodyMedianHu) {
    findings.error(ct_file, "has a median of " + std::to_string(median) + " HU inside the body",
                   "check the intercept, and that CT and contours belong together");
  } else if (impossible == 0) {
    check_surroundings(outside, value.masks.size(), *low, ct_file, findings);
  }
}

}  // namespace rtmodel
