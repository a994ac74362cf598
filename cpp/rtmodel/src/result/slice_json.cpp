#include "result/slice_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace rtmodel {

using nlohmann::json;

json slice_json(const Case& value, const BuiltPlan& plan, const std::vector<double>& dose_gy) {
  const Grid& grid = value.grid;
  const int per_slice = grid.size[0] * grid.size[1];
  const int first = plan.slice * per_slice;
  std::vector<json> dose(per_slice);
  const auto& voxel_of_row = plan.problem.grid.voxel_of_row;
  for (std::size_t row = 0; row < voxel_of_row.size(); ++row)
    if (voxel_of_row[row] >= first && voxel_of_row[row] < first + per_slice)
      dose[voxel_of_row[row] - first] = std::round(1000.0 * dose_gy[row]) / 1000.0;
  json structures = json::array();
  for (const auto& structure : plan.problem.structures) {
    if (structure.description.role == dh_advisor::StructureRole::kNormalTissue) continue;
    std::vector<int> inside(per_slice, 0);
    for (const int row : structure.contour_rows)
      if (voxel_of_row[row] >= first && voxel_of_row[row] < first + per_slice) inside[voxel_of_row[row] - first] = 1;
    structures.push_back({{"name", structure.description.name}, {"inside", inside}});
  }
  return {{"z_mm", grid.origin_mm[2] + plan.slice * grid.spacing_mm[2]},
          {"size", {grid.size[0], grid.size[1]}},
          {"spacing_mm", {grid.spacing_mm[0], grid.spacing_mm[1]}},
          {"origin_mm", {grid.origin_mm[0], grid.origin_mm[1]}},
          {"dose_gy", std::move(dose)},
          {"ct_hu", std::vector<int>(value.ct_hu.begin() + first, value.ct_hu.begin() + first + per_slice)},
          {"structures", std::move(structures)}};
}

}  // namespace rtmodel
