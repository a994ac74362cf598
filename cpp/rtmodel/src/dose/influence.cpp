#include "dose/influence.h"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "case/finding.h"
#include "dose/beam_at_voxel.h"
#include "dose/dose_model.h"
#include "geometry/voxels.h"

namespace rtmodel {
namespace {

int threads_or_all(int threads) { return threads > 0 ? threads : omp_get_max_threads(); }

/// The cut-off of each column: the maximum is the same whatever the order, so threads can't change it.
std::vector<double> column_cut_offs(const BeamletGrid& beamlets, const std::vector<VoxelInBeam>& seen, int threads) {
  const int beams = static_cast<int>(beamlets.beams.size());
  const int rows = static_cast<int>(seen.size()) / beams;
  std::vector<double> highest(beamlets.count(), 0.0);
#pragma omp parallel num_threads(threads)
  {
    BeamAtVoxel beam_at_voxel(beamlets);
    std::vector<double> mine(highest.size(), 0.0);
#pragma omp for schedule(dynamic, 64)
    for (int row = 0; row < rows; ++row)
      for (int b = 0; b < beams; ++b)
        beam_at_voxel.for_each(b, seen[static_cast<std::size_t>(row) * beams + b],
                               [&](int beamlet, double dose) { mine[beamlet] = std::max(mine[beamlet], dose); });
#pragma omp critical
    for (std::size_t i = 0; i < mine.size(); ++i) highest[i] = std::max(highest[i], mine[i]);
  }
  for (auto& value : highest) value *= kDoseModel.cut_off;
  return highest;
}

}  // namespace

InfluenceMatrix compute_influence(const DensityGrid& density, const BeamletGrid& beamlets,
                                  const std::vector<int>& voxel_of_row, int threads) {
  threads = threads_or_all(threads);
  const int beams = static_cast<int>(beamlets.beams.size());
  const int rows = static_cast<int>(voxel_of_row.size());
  const auto seen = see_voxels(density, beamlets, voxel_of_row, threads);
  const auto cut_off = column_cut_offs(beamlets, seen, threads);

  struct Entry {
    int beamlet;
    float dose;
  };
  std::vector<std::vector<Entry>> entries(rows);
#pragma omp parallel num_threads(threads)
  {
    BeamAtVoxel beam_at_voxel(beamlets);
    std::vector<Entry> found;
#pragma omp for schedule(dynamic, 64)
    for (int row = 0; row < rows; ++row) {
      found.clear();
      for (int b = 0; b < beams; ++b)
        beam_at_voxel.for_each(b, seen[static_cast<std::size_t>(row) * beams + b], [&](int beamlet, double dose) {
          if (dose > 0.0 && dose >= cut_off[beamlet]) found.push_back({beamlet, static_cast<float>(dose)});
        });
      entries[row] = found;
    }
  }

  InfluenceMatrix influence(rows, beamlets.count());
  int* starts = influence.outerIndexPtr();
  std::size_t total = 0;
  for (const auto& row : entries) total += row.size();
  if (total > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw InputError("the influence matrix has " + std::to_string(total) +
                     " entries, more than can be held; use larger beamlets, fewer beams or a window");
  starts[0] = 0;
  for (int row = 0; row < rows; ++row) starts[row + 1] = starts[row] + static_cast<int>(entries[row].size());
  influence.resizeNonZeros(starts[rows]);
#pragma omp parallel for schedule(static) num_threads(threads)
  for (int row = 0; row < rows; ++row) {
    int at = starts[row];
    for (const auto& entry : entries[row]) {
      influence.innerIndexPtr()[at] = entry.beamlet;
      influence.valuePtr()[at++] = entry.dose;
    }
  }
  return influence;
}

std::vector<double> path_densities(const DensityGrid& density, const std::vector<dh_advisor::Beam>& beams,
                                   const Vector3& isocenter_mm) {
  std::vector<double> densities;
  require_ok(
      dh_advisor::build_path_density(voxel_grid(density.grid), density.density.data(), isocenter_mm, beams, densities));
  return densities;
}

}  // namespace rtmodel
