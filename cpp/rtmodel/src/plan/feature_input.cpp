#include "plan/feature_input.h"

#include "geometry/voxels.h"

namespace rtmodel {
namespace {

std::vector<std::uint32_t> voxels_at(const std::vector<int>& rows, const std::vector<int>& voxel_of_row) {
  std::vector<std::uint32_t> voxels;
  voxels.reserve(rows.size());
  for (const int row : rows) voxels.push_back(static_cast<std::uint32_t>(voxel_of_row[row]));
  return voxels;
}

}  // namespace

FeatureSource::FeatureSource(const PlanProblem& problem) {
  const DoseGrid& grid = problem.grid;
  input_.grid = voxel_grid({grid.size, grid.spacing_mm, grid.origin_mm});
  input_.beamlet_count = static_cast<std::uint32_t>(problem.influence.cols());
  voxels_.reserve(2 * problem.structures.size());
  for (const PlannedStructure& structure : problem.structures) {
    const auto& contour = voxels_.emplace_back(voxels_at(structure.contour_rows, grid.voxel_of_row));
    const auto& planned = voxels_.emplace_back(voxels_at(structure.planned_rows, grid.voxel_of_row));
    input_.structures.push_back({contour, planned});
  }
  input_.dose = [&problem](const dh_advisor::DoseSink& sink) {
    for (int row = 0; row < problem.influence.outerSize(); ++row) {
      const auto voxel = static_cast<std::uint32_t>(problem.grid.voxel_of_row[row]);
      for (InfluenceMatrix::InnerIterator entry(problem.influence, row); entry; ++entry)
        sink(static_cast<std::uint32_t>(entry.col()), voxel, entry.value());
    }
  };
}

}  // namespace rtmodel
