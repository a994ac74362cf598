#include <algorithm>
#include <cmath>

#include "features/guarded.h"
#include "features/input.h"
#include "input/input_check.h"

namespace dh_advisor {
namespace {

/// Length of the dose gradient at a voxel, Gy/mm: central differences, one-sided where a neighbour has no row.
double gradient_length(const VoxelGrid& grid, const Rows& rows, const std::vector<double>& dose_gy,
                       std::uint32_t voxel) {
  const auto at = grid.coordinates(voxel);
  const std::size_t strides[3] = {1, grid.size[0], std::size_t{grid.size[0]} * grid.size[1]};
  double square = 0.0;
  for (int axis = 0; axis < 3; ++axis) {
    double dose[2];
    int steps = 0;
    for (const int side : {0, 1}) {
      const bool has_neighbour = side == 0 ? at[axis] > 0 : at[axis] + 1 < grid.size[axis];
      std::int32_t row = Rows::kNone;
      if (has_neighbour) row = rows.row_of(side == 0 ? voxel - strides[axis] : voxel + strides[axis]);
      dose[side] = dose_gy[row != Rows::kNone ? row : rows.row_of(voxel)];
      steps += row != Rows::kNone ? 1 : 0;
    }
    if (steps == 0) continue;
    const double slope = (dose[1] - dose[0]) / (steps * grid.spacing_mm[axis]);
    square += slope * slope;
  }
  return std::sqrt(square);
}

std::vector<StructureGeometry> build(const FeatureInput& input, VoxelSpan targets, double uniform_weight) {
  const Rows rows(input);
  std::vector<double> dose_gy(rows.count(), 0.0);
  for_each_entry(input, [&](std::uint32_t, std::uint32_t voxel, double dose) {
    const std::int32_t row = rows.row_of(voxel);
    if (row != Rows::kNone) dose_gy[row] += uniform_weight * dose;
  });
  std::vector<float> distance_mm;
  Status status = distance_to(input.grid, targets, distance_mm);
  if (!status.ok()) throw std::bad_alloc();  // Everything else has been checked.

  std::vector<StructureGeometry> geometry;
  for (const StructureVoxels& structure : input.structures) {
    StructureGeometry one;
    one.structure = static_cast<std::uint32_t>(geometry.size());
    double gradient = 0.0;
    float nearest_mm = distance_mm[structure.contour.data[0]];
    for (const std::uint32_t voxel : structure.contour) {
      gradient += gradient_length(input.grid, rows, dose_gy, voxel);
      nearest_mm = std::min(nearest_mm, distance_mm[voxel]);
    }
    status = sphericity_of(input.grid, structure.contour, one.sphericity);
    if (!status.ok()) throw std::bad_alloc();
    one.dose_gradient_gy_per_mm = gradient / static_cast<double>(structure.contour.count);
    one.target_distance_mm = nearest_mm;
    geometry.push_back(one);
  }
  return geometry;
}

}  // namespace

Status build_structure_geometry(const FeatureInput& input, VoxelSpan targets, double uniform_weight,
                                std::vector<StructureGeometry>& geometry) {
  geometry.clear();
  return guarded("structure geometry", [&] {
    check_input(input);
    check_span(targets, input.grid.voxel_count(), "targets");
    require(targets.count > 0, "targets is empty");
    require(uniform_weight > 0.0 && std::isfinite(uniform_weight), "uniform_weight must be positive and finite");
    geometry = build(input, targets, uniform_weight);
  });
}

}  // namespace dh_advisor
