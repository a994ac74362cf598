#pragma once

#include <cmath>
#include <vector>

#include "dose/density_grid.h"
#include "dose/dose_model.h"
#include "geometry/beamlet_grid.h"

namespace rtmodel {

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

/// Every beam at every voxel of `voxel_of_row`, beams fastest.
std::vector<VoxelInBeam> see_voxels(const DensityGrid& density, const BeamletGrid& beamlets,
                                    const std::vector<int>& voxel_of_row, int threads);

}  // namespace rtmodel
