#pragma once

#include "case/grid.h"

namespace rtmodel {

/// Distance from the source to the isocentre: that of every common linear accelerator.
inline constexpr double kSourceAxisDistanceMm = 1000.0;

/// Where a point lies as seen from the source.
struct BeamPoint {
  double u_mm = 0.0;      ///< Across, projected to the isocentre plane.
  double v_mm = 0.0;      ///< Along, projected to the isocentre plane.
  double depth_mm = 0.0;  ///< Distance from the source along the central axis.
};

/// A beam's axes in the patient (LPS), for a patient lying head first and supine; IEC 61217 angles.
/// Gantry 0 shines from anterior, gantry 90 from the patient's left. `across` is the collimator's x axis (to the
/// patient's left at gantry 0), `along` its y axis (superior at couch 0).
struct BeamFrame {
  Vector3 source_mm{};
  Vector3 axis{};    ///< From the source to the isocentre, unit length.
  Vector3 across{};  ///< Unit length.
  Vector3 along{};   ///< Unit length.

  static BeamFrame at(double gantry_deg, double couch_deg, const Vector3& isocenter_mm);

  BeamPoint project(const Vector3& point_mm) const;
  /// The point on the ray through (u, v) of the isocentre plane at `depth_mm` along the central axis.
  Vector3 point_at(double u_mm, double v_mm, double depth_mm) const;
};

}  // namespace rtmodel
