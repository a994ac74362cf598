#pragma once

#include <Eigen/Core>
#include <vector>

#include "pyramid/interpolation.h"

/// A plan's beams in dH's own terms: angles in radians, a quarter turn ahead of IEC 61217, and beamlets by their shift
/// from the central axis, which runs against the columns. Thread-safe.
namespace rtmodel {

/// dH's gantry angle of an IEC angle in degrees, radians in [0, 2 pi).
double shipped_gantry_rad(double gantry_deg);

/// The IEC angle in degrees, in [0, 360), of one of dH's.
double iec_gantry_deg(double shipped_gantry_rad);

/// dH's shift of a column: from columns / 2 for column 0 down to -columns / 2 for the last.
constexpr int shipped_shift(int column, int columns) { return columns / 2 - column; }

/// A vector over beamlets (beam, row, column) with the columns of every row in reverse: to dH's order, and back.
Eigen::VectorXd mirrored(const Eigen::VectorXd& values, const std::vector<LevelGrid>& grids);

}  // namespace rtmodel
