#pragma once

#include <vector>

#include "case/grid.h"
#include "dh_advisor/plan.h"
#include "geometry/beam_frame.h"
#include "geometry/beam_set.h"

namespace rtmodel {

struct BeamletGridOptions {
  double spacing_mm = 5.0;  ///< At the isocentre plane, across and, without `single_row_height_mm`, along.
  double margin_mm = 5.0;   ///< Beamlets this near to a target's projection are kept: about the width of the penumbra.
  /// One row of this height, centred on the isocentre, instead of rows of `spacing_mm`; 0 = rows.
  double single_row_height_mm = 0.0;
  /// So many columns, odd, whether they cover the targets or not; 0 = as many as cover them.
  int columns = 0;
  /// Beamlets that touch no target are excluded.
  bool excludes = true;
};

/// All beams' grids of beamlets, centred on the isocentre, with the same odd number of columns and of rows in all
/// beams, so that level l of the pyramid has its beamlets on every 2^l-th of level 0. Column 0 has the smallest u, row
/// 0 the smallest v.
struct BeamletGrid {
  std::vector<BeamFrame> frames;
  std::vector<dh_advisor::Beam> beams;
  std::vector<bool> is_excluded;  ///< Beam, row, column (column fastest): touches no target.

  /// How far the targets reach beyond the outermost columns, mm; 0 where the beams cover them.
  double uncovered_mm = 0.0;

  int columns() const { return static_cast<int>(beams.front().columns); }
  int rows() const { return static_cast<int>(beams.front().rows); }
  int per_beam() const { return columns() * rows(); }
  int count() const { return per_beam() * static_cast<int>(beams.size()); }
  double u_mm(int column) const { return (column - columns() / 2) * beams.front().column_width_mm; }
  double v_mm(int row) const { return (row - rows() / 2) * beams.front().row_height_mm; }
};

/// Covers the projection of all `target_points_mm` (LPS, not empty) and the margin. Throws InputError.
BeamletGrid cover_targets(const std::vector<BeamAngles>& angles, const Vector3& isocenter_mm,
                          const std::vector<Vector3>& target_points_mm, const BeamletGridOptions& options);

}  // namespace rtmodel
