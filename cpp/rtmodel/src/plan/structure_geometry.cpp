#include "plan/structure_geometry.h"

#include <algorithm>
#include <cmath>

#include "dose/dose_model.h"
#include "geometry/distance_map.h"
#include "geometry/sphericity.h"

namespace rtmodel {
namespace {

/// Length of the dose gradient at a row, Gy/mm: central differences, one-sided where a neighbour has no row.
double gradient_length(const Grid& grid, const std::vector<int>& row_of_voxel, const std::vector<double>& dose_gy,
                       int voxel) {
  const auto at = grid.coordinates(voxel);
  double square = 0.0;
  for (int axis = 0; axis < 3; ++axis) {
    double dose[2];
    int steps = 0;
    for (const int side : {0, 1}) {
      auto next = at;
      next[axis] += side == 0 ? -1 : 1;
      const int row =
          grid.contains(next[0], next[1], next[2]) ? row_of_voxel[grid.index(next[0], next[1], next[2])] : -1;
      dose[side] = dose_gy[row >= 0 ? row : row_of_voxel[voxel]];
      steps += row >= 0 ? 1 : 0;
    }
    if (steps == 0) continue;
    const double slope = (dose[1] - dose[0]) / (steps * grid.spacing_mm[axis]);
    square += slope * slope;
  }
  return std::sqrt(square);
}

}  // namespace

void describe_geometry(const Grid& grid, const std::vector<bool>& is_target, PlanProblem& problem) {
  const auto& voxel_of_row = problem.grid.voxel_of_row;
  std::vector<int> row_of_voxel(grid.voxel_count(), -1);
  for (std::size_t row = 0; row < voxel_of_row.size(); ++row) row_of_voxel[voxel_of_row[row]] = static_cast<int>(row);
  std::vector<double> dose_gy(voxel_of_row.size(), 0.0);
  for (int row = 0; row < problem.influence.outerSize(); ++row)
    for (InfluenceMatrix::InnerIterator entry(problem.influence, row); entry; ++entry)
      dose_gy[row] += kDoseModel.uniform_weight * entry.value();
  const auto distance_mm = distance_to(grid, is_target);

  for (std::size_t s = 0; s < problem.structures.size(); ++s) {
    auto& structure = problem.structures[s];
    std::vector<bool> is_inside(grid.voxel_count(), false);
    double gradient = 0.0;
    float nearest_mm = distance_mm[voxel_of_row[structure.planned_rows.front()]];
    for (const int row : structure.contour_rows) {
      is_inside[voxel_of_row[row]] = true;
      gradient += gradient_length(grid, row_of_voxel, dose_gy, voxel_of_row[row]);
      nearest_mm = std::min(nearest_mm, distance_mm[voxel_of_row[row]]);
    }
    structure.geometry.structure = static_cast<std::uint32_t>(s);
    structure.geometry.sphericity = sphericity(grid, is_inside);
    structure.geometry.dose_gradient_gy_per_mm = gradient / static_cast<double>(structure.contour_rows.size());
    structure.geometry.target_distance_mm = nearest_mm;
  }
}

}  // namespace rtmodel
