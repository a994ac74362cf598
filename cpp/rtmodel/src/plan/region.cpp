#include "plan/region.h"

#include <algorithm>
#include <cmath>

#include "case/finding.h"
#include "files/bits.h"

namespace rtmodel {
namespace {

/// How many targets each slice shows.
std::vector<int> targets_by_slice(const Case& value) {
  std::vector<Mask> seen(value.grid.size[2], 0);
  Mask targets = 0;
  for (const auto& structure : value.structures)
    if (structure.role == CaseRole::kTarget) targets |= Mask{1} << structure.bit;
  const std::size_t per_slice = value.masks.size() / seen.size();
  for (std::size_t i = 0; i < value.masks.size(); ++i) seen[i / per_slice] |= value.masks[i] & targets;
  std::vector<int> counts(seen.size());
  std::transform(seen.begin(), seen.end(), counts.begin(), [](Mask bits) { return count_bits(bits); });
  return counts;
}

}  // namespace

Region choose_region(const Case& value, const std::optional<double>& window_mm, std::vector<std::string>& notes) {
  const Grid& grid = value.grid;
  Region region;
  region.isocenter_mm = value.isocenter_mm;
  const double position = (value.isocenter_mm[2] - grid.origin_mm[2]) / grid.spacing_mm[2];
  region.slice = std::clamp(static_cast<int>(std::lround(position)), 0, grid.size[2] - 1);
  region.last_slice = grid.size[2] - 1;
  if (!window_mm) return region;

  if (!(*window_mm >= 0.0 && *window_mm <= 500.0))
    throw InputError("window: " + std::to_string(*window_mm) + " mm is not in [0, 500]");
  const auto counts = targets_by_slice(value);
  if (counts[region.slice] == 0) {
    const int most = *std::max_element(counts.begin(), counts.end());
    int nearest = -1;
    for (int z = 0; z < grid.size[2]; ++z)
      if (counts[z] == most && (nearest < 0 || std::abs(z - region.slice) < std::abs(nearest - region.slice)))
        nearest = z;
    notes.push_back("the isocentre slice " + std::to_string(region.slice) + " shows no target; planned around slice " +
                    std::to_string(nearest) + ", the nearest with the most targets");
    region.slice = nearest;
  }
  region.isocenter_mm[2] = grid.origin_mm[2] + region.slice * grid.spacing_mm[2];
  const int reach = static_cast<int>(std::floor(*window_mm / grid.spacing_mm[2] + 1e-6));
  region.first_slice = std::max(0, region.slice - reach);
  region.last_slice = std::min(grid.size[2] - 1, region.slice + reach);
  return region;
}

}  // namespace rtmodel
