#include "dose/influence.h"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "case/finding.h"
#include "dose/dose_model.h"

namespace rtmodel {
namespace {

int threads_or_all(int threads) { return threads > 0 ? threads : omp_get_max_threads(); }

/// A beam at one voxel: where it is seen from the source, and the dose of an endless field there.
struct VoxelInBeam {
  BeamPoint point;
  double open_dose = 0.0;
};

/// Integrals of both lateral Gaussians over every cell of a row of cells, at the voxel's distance.
class CellShares {
 public:
  void set(double position_mm, double spacing_mm, int cells, double magnification) {
    core_.resize(cells);
    scatter_.resize(cells);
    const double first = (-0.5 * cells * spacing_mm - position_mm) * magnification;
    integrate(core_, first, spacing_mm * magnification, kDoseModel.core_sigma_mm);
    integrate(scatter_, first, spacing_mm * magnification, kDoseModel.scatter_sigma_mm);
  }
  double core(int cell) const { return core_[cell]; }
  double scatter(int cell) const { return scatter_[cell]; }

 private:
  static void integrate(std::vector<double>& shares, double first_mm, double width_mm, double sigma_mm) {
    const double scale = 1.0 / (sigma_mm * std::sqrt(2.0));
    double before = std::erf(first_mm * scale);
    for (std::size_t cell = 0; cell < shares.size(); ++cell) {
      const double after = std::erf((first_mm + (cell + 1) * width_mm) * scale);
      shares[cell] = 0.5 * (after - before);
      before = after;
    }
  }
  std::vector<double> core_, scatter_;
};

/// Calls `visit(beamlet, dose)` for the beamlets of beam `b` that are not excluded, ascending.
class BeamAtVoxel {
 public:
  explicit BeamAtVoxel(const BeamletGrid& beamlets) : beamlets_(beamlets) {}

  template <typename Visit>
  void for_each(int b, const VoxelInBeam& voxel, Visit&& visit) {
    const auto& beam = beamlets_.beams[b];
    const double magnification = voxel.point.depth_mm / kSourceAxisDistanceMm;
    across_.set(voxel.point.u_mm, beam.column_width_mm, beamlets_.columns(), magnification);
    along_.set(voxel.point.v_mm, beam.row_height_mm, beamlets_.rows(), magnification);
    int beamlet = b * beamlets_.per_beam();
    for (int row = 0; row < beamlets_.rows(); ++row) {
      const double core = voxel.open_dose * kDoseModel.core_share * along_.core(row);
      const double scatter = voxel.open_dose * kDoseModel.scatter_share * along_.scatter(row);
      for (int column = 0; column < beamlets_.columns(); ++column, ++beamlet)
        if (!beamlets_.is_excluded[beamlet])
          visit(beamlet, core * across_.core(column) + scatter * across_.scatter(column));
    }
  }

 private:
  const BeamletGrid& beamlets_;
  CellShares across_, along_;
};

std::vector<VoxelInBeam> see_voxels(const DensityGrid& density, const BeamletGrid& beamlets,
                                    const std::vector<int>& voxel_of_row, int threads) {
  const int beams = static_cast<int>(beamlets.beams.size());
  const int rows = static_cast<int>(voxel_of_row.size());
  std::vector<VoxelInBeam> seen(static_cast<std::size_t>(rows) * beams);
#pragma omp parallel for schedule(dynamic, 64) num_threads(threads)
  for (int row = 0; row < rows; ++row) {
    const Vector3 center = density.grid.center_mm(voxel_of_row[row]);
    for (int b = 0; b < beams; ++b) {
      const BeamFrame& frame = beamlets.frames[b];
      auto& voxel = seen[static_cast<std::size_t>(row) * beams + b];
      voxel.point = frame.project(center);
      const double distance =
          std::hypot(center[0] - frame.source_mm[0], center[1] - frame.source_mm[1], center[2] - frame.source_mm[2]);
      const double inverse = kSourceAxisDistanceMm / distance;
      voxel.open_dose = depth_dose(density.water_equivalent_mm(center, frame.source_mm)) * inverse * inverse;
    }
  }
  return seen;
}

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

std::vector<double> path_densities(const DensityGrid& density, const BeamletGrid& beamlets, int threads) {
  const int count = beamlets.count();
  const double step_mm = 2.0 * kPathReachMm / kPathSamples;
  std::vector<double> densities(static_cast<std::size_t>(count) * kPathSamples);
#pragma omp parallel for schedule(static) num_threads(threads_or_all(threads))
  for (int beamlet = 0; beamlet < count; ++beamlet) {
    const BeamFrame& frame = beamlets.frames[beamlet / beamlets.per_beam()];
    const double u = beamlets.u_mm(beamlet % beamlets.columns());
    const double v = beamlets.v_mm(beamlet % beamlets.per_beam() / beamlets.columns());
    for (int sample = 0; sample < kPathSamples; ++sample) {
      const double depth = kSourceAxisDistanceMm - kPathReachMm + (sample + 0.5) * step_mm;
      densities[static_cast<std::size_t>(beamlet) * kPathSamples + sample] = density.at(frame.point_at(u, v, depth));
    }
  }
  return densities;
}

}  // namespace rtmodel
