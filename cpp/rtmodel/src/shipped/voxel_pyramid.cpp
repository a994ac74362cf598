#include "shipped/voxel_pyramid.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

namespace rtmodel {
namespace {

/// A Gaussian of one voxel's width as ITK's pyramid has it, of the Bessel functions exp(-1) I_k(1) out to two voxels,
/// normalised, and then the mean of two neighbours.
constexpr std::array<double, 3> kSmoothing{0.474559, 0.211838, 0.050882};
constexpr int kReach = 2;

/// Weight of a fine voxel in a coarse one along one side; the coarse one lies over the fine 2 c and 2 c + 1.
double side_weight(int fine, int coarse) {
  double weight = 0.0;
  for (int half = 0; half < 2; ++half) {
    const int distance = std::abs(fine - (2 * coarse + half));
    if (distance <= kReach) weight += 0.5 * kSmoothing[static_cast<std::size_t>(distance)];
  }
  return weight;
}

/// Coarse voxels that a fine one has a part in, along one side.
std::pair<int, int> reached(int fine) { return {std::max(0, (fine - kReach) / 2), (fine + kReach) / 2}; }

}  // namespace

ShippedPyramid::ShippedPyramid(const PlanProblem& problem) : Pyramid(problem) {
  const auto& voxels = problem.grid.voxel_of_row;
  if (voxels.size() != static_cast<std::size_t>(problem.influence.rows())) {
    throw std::invalid_argument("the problem says of " + std::to_string(voxels.size()) + " of its " +
                                std::to_string(problem.influence.rows()) +
                                " voxels where they lie: shipped dH makes coarser voxels, fill grid.voxel_of_row");
  }
  const auto& size = problem.grid.size;
  for (int voxel : voxels)
    places_[0].push_back({voxel / size[0] / size[1], voxel / size[0] % size[1], voxel % size[0]});
  for (const PlannedStructure& structure : problem.structures) {
    VoxelRegion region;
    region.rows = structure.planned_rows;
    region.shares.assign(region.rows.size(), 1.0);
    region.volume = static_cast<double>(region.rows.size());
    regions_[0].push_back(std::move(region));
  }
}

const std::vector<VoxelRegion>& ShippedPyramid::regions(std::uint32_t index) {
  level(index);
  return regions_.at(index);
}

InfluenceMatrix ShippedPyramid::at_own_voxels(std::uint32_t index, InfluenceMatrix doses) {
  const std::vector<Place>& fine = places_[index - 1];
  const bool has_slices =
      std::any_of(fine.begin(), fine.end(), [&](const Place& place) { return place[0] != fine.front()[0]; });
  std::map<Place, std::vector<std::pair<int, double>>> parts;
  for (int row = 0; row < static_cast<int>(fine.size()); ++row) {
    const Place& at = fine[static_cast<std::size_t>(row)];
    const auto [z_begin, z_end] = has_slices ? reached(at[0]) : std::pair(at[0], at[0]);
    const auto [y_begin, y_end] = reached(at[1]);
    const auto [x_begin, x_end] = reached(at[2]);
    for (int z = z_begin; z <= z_end; ++z) {
      const double slice = has_slices ? side_weight(at[0], z) : 1.0;
      for (int y = y_begin; y <= y_end; ++y) {
        for (int x = x_begin; x <= x_end; ++x) {
          const double weight = slice * side_weight(at[1], y) * side_weight(at[2], x);
          if (weight > 0.0) parts[{z, y, x}].emplace_back(row, weight);
        }
      }
    }
  }

  std::vector<Eigen::Triplet<float>> mean_entries;
  Eigen::SparseMatrix<double, Eigen::RowMajor> sum(static_cast<int>(parts.size()), static_cast<int>(fine.size()));
  std::vector<Eigen::Triplet<double>> sum_entries;
  int row = 0;
  for (const auto& [place, fine_rows] : parts) {
    places_[index].push_back(place);
    double whole = 0.0;
    for (const auto& [fine_row, weight] : fine_rows) whole += weight;
    for (const auto& [fine_row, weight] : fine_rows) {
      mean_entries.emplace_back(row, fine_row, static_cast<float>(weight / whole));
      sum_entries.emplace_back(row, fine_row, weight);
    }
    ++row;
  }
  sum.setFromTriplets(sum_entries.begin(), sum_entries.end());
  for (const VoxelRegion& finer : regions_[index - 1]) {
    Eigen::VectorXd mask = Eigen::VectorXd::Zero(sum.cols());
    for (std::size_t i = 0; i < finer.rows.size(); ++i) mask[finer.rows[i]] = finer.shares[i];
    const Eigen::VectorXd inside = sum * mask;
    VoxelRegion region;
    for (int at = 0; at < inside.size(); ++at) {
      if (inside[at] <= 0.0) continue;
      region.rows.push_back(at);
      region.shares.push_back(inside[at]);
      region.volume += inside[at];
    }
    regions_[index].push_back(std::move(region));
  }
  InfluenceMatrix mean(sum.rows(), sum.cols());
  mean.setFromTriplets(mean_entries.begin(), mean_entries.end());
  return mean * doses;
}

}  // namespace rtmodel
