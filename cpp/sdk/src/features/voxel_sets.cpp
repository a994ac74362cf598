#include <algorithm>
#include <limits>
#include <numeric>

#include "features/guarded.h"
#include "features/input.h"
#include "input/input_check.h"

namespace dh_advisor {
namespace {

template <typename Mask>
Status collect(const Mask* masks, std::size_t voxel_count, unsigned bit, std::vector<std::uint32_t>& voxels) {
  voxels.clear();
  return guarded("voxels_of_bit", [&] {
    require(masks != nullptr, "masks is null");
    require(voxel_count <= kMostVoxels, "voxel_count is above 100000000");
    require(bit < std::numeric_limits<Mask>::digits, "bit is beyond the mask's bits");
    for (std::size_t i = 0; i < voxel_count; ++i)
      if (masks[i] >> bit & 1U) voxels.push_back(static_cast<std::uint32_t>(i));
  });
}

using Voxels = std::vector<std::uint32_t>;

Voxels without(VoxelSpan voxels, const Voxels& taken) {
  Voxels rest;
  std::set_difference(voxels.begin(), voxels.end(), taken.begin(), taken.end(), std::back_inserter(rest));
  return rest;
}

}  // namespace

Status voxels_of_bit(const std::uint16_t* masks, std::size_t voxel_count, unsigned bit, Voxels& voxels) {
  return collect(masks, voxel_count, bit, voxels);
}

Status voxels_of_bit(const std::uint64_t* masks, std::size_t voxel_count, unsigned bit, Voxels& voxels) {
  return collect(masks, voxel_count, bit, voxels);
}

Status planned_voxels(const std::vector<Structure>& structures, const std::vector<VoxelSpan>& contours,
                      std::vector<Voxels>& planned) {
  planned.clear();
  return guarded("planned_voxels", [&] {
    require(structures.size() == contours.size(), "contours must have one entry a structure");
    std::vector<std::size_t> targets;
    for (std::size_t s = 0; s < structures.size(); ++s) {
      check_span(contours[s], kMostVoxels, item("contours", s));
      if (structures[s].role != StructureRole::kTarget) continue;
      if (!structures[s].prescribed_dose_gy)
        throw InputMistake{item("structures", s, "prescribed_dose_gy") + " is missing on a target"};
      targets.push_back(s);
    }
    std::stable_sort(targets.begin(), targets.end(), [&](std::size_t a, std::size_t b) {
      return *structures[a].prescribed_dose_gy > *structures[b].prescribed_dose_gy;
    });
    std::vector<Voxels> result(structures.size());
    Voxels taken;
    for (const std::size_t s : targets) {
      result[s] = without(contours[s], taken);
      Voxels both;
      std::set_union(taken.begin(), taken.end(), contours[s].begin(), contours[s].end(), std::back_inserter(both));
      taken = std::move(both);
    }
    for (std::size_t s = 0; s < structures.size(); ++s)
      if (structures[s].role != StructureRole::kTarget) result[s] = without(contours[s], taken);
    planned = std::move(result);
  });
}

}  // namespace dh_advisor
