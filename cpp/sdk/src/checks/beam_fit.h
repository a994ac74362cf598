#pragma once

#include <vector>

#include "checks/moments.h"

namespace dh_advisor {

/// Where the dose of each beamlet of the plan start is looked up, and what is believed of the beams.
struct Belief {
  std::vector<Beam> beams;
  std::vector<std::size_t> order;  ///< Beamlet (beam, row, column) -> column of the matrix.
  Vector3 shift_mm{};              ///< Of the isocentre.
};

/// The order of the contract.
Belief as_said(const std::vector<Beam>& beams);

/// How one beam's dose lies to its rays.
struct BeamFit {
  std::size_t beamlets = 0;   ///< With enough dose to judge.
  double column_slope = 1.0;  ///< Measured u over said u; 1 unless there are several columns.
  double row_slope = 1.0;
  double column_extent_mm = 0.0;  ///< Between the outermost columns.
  double row_extent_mm = 0.0;
  double column_offset_mm = 0.0;  ///< Measured minus said, median.
  double row_offset_mm = 0.0;
  double angle_deg = 0.0;  ///< Between the dose's long axis and the beam's; 0 where it has none.
  double line_deg = 0.0;   ///< Gantry angle, in [0, 180), of the long axis, for coplanar beams.
  bool has_axis = false;
  double entry_shift_mm = 0.0;  ///< Of high doses against all, along the beam: negative where dose falls with depth.

  /// Largest deviation in units of what is tolerated: at most 1 when the belief fits.
  double misfit(const Beam& beam, const VoxelGrid& grid) const;
};

std::vector<BeamFit> fit_beams(const Belief& belief, const std::vector<BeamletMoments>& moments);

/// The largest misfit of a beam.
double misfit_of(const Belief& belief, const std::vector<BeamletMoments>& moments, const VoxelGrid& grid);

/// The shift of the isocentre that brings centres of dose nearest to their rays.
Vector3 best_shift_mm(const Belief& belief, const std::vector<BeamletMoments>& moments);

}  // namespace dh_advisor
