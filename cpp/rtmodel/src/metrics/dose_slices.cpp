#include "metrics/dose_slices.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace rtmodel {
namespace {

using dh_advisor::DoseSlice;
using dh_advisor::Plane;

constexpr int kLongestSide = 256;

/// Which axis runs along rows and columns, and which stays at the isocentre.
struct Axes {
  Plane plane;
  int row, column, fixed;
};

constexpr Axes kAxial{Plane::kAxial, 1, 0, 2};
constexpr Axes kCoronal{Plane::kCoronal, 2, 0, 1};
constexpr Axes kSagittal{Plane::kSagittal, 2, 1, 0};

int stride_of(int size) { return (size + kLongestSide - 1) / kLongestSide; }

DoseSlice slice_of(const Axes& axes, const Grid& grid, const std::array<int, 3>& isocenter, const PlanProblem& problem,
                   const std::vector<double>& dose_gy) {
  const int row_stride = stride_of(grid.size[axes.row]);
  const int column_stride = stride_of(grid.size[axes.column]);
  DoseSlice slice;
  slice.plane = axes.plane;
  slice.rows = static_cast<std::uint32_t>((grid.size[axes.row] + row_stride - 1) / row_stride);
  slice.columns = static_cast<std::uint32_t>((grid.size[axes.column] + column_stride - 1) / column_stride);
  slice.row_spacing_mm = grid.spacing_mm[axes.row] * row_stride;
  slice.column_spacing_mm = grid.spacing_mm[axes.column] * column_stride;
  slice.dose_gy.assign(std::size_t{slice.rows} * slice.columns, 0.0F);
  for (std::size_t i = 0; i < problem.grid.voxel_of_row.size(); ++i) {
    const std::array<int, 3> at = grid.coordinates(problem.grid.voxel_of_row[i]);
    // Rows of planes along the patient run from superior to inferior, against z.
    const int row = axes.row == 2 ? grid.size[2] - 1 - at[2] : at[axes.row];
    const int column = at[axes.column];
    if (at[axes.fixed] != isocenter[axes.fixed] || row % row_stride != 0 || column % column_stride != 0) continue;
    slice.dose_gy[static_cast<std::size_t>(row / row_stride) * slice.columns + column / column_stride] =
        static_cast<float>(dose_gy[i]);
  }
  return slice;
}

}  // namespace

std::vector<DoseSlice> dose_slices(const Grid& grid, const PlanProblem& problem, const std::vector<double>& dose_gy) {
  std::array<int, 3> isocenter{};
  for (int axis = 0; axis < 3; ++axis) {
    const double steps = (problem.grid.isocenter_mm[axis] - grid.origin_mm[axis]) / grid.spacing_mm[axis];
    isocenter[axis] = std::clamp(static_cast<int>(std::lround(steps)), 0, grid.size[axis] - 1);
  }
  const auto& voxels = problem.grid.voxel_of_row;
  const bool is_one_slice =
      std::all_of(voxels.begin(), voxels.end(), [&](int voxel) { return grid.coordinates(voxel)[2] == isocenter[2]; });
  std::vector<DoseSlice> slices{slice_of(kAxial, grid, isocenter, problem, dose_gy)};
  if (is_one_slice) return slices;
  slices.push_back(slice_of(kCoronal, grid, isocenter, problem, dose_gy));
  slices.push_back(slice_of(kSagittal, grid, isocenter, problem, dose_gy));
  return slices;
}

}  // namespace rtmodel
