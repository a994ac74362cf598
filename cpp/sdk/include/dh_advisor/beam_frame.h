#pragma once

#include "dh_advisor/voxels.h"

namespace dh_advisor {

/// Distance from the source to the isocentre: that of every common linear accelerator.
constexpr double kSourceAxisDistanceMm = 1000.0;

/// Where a point lies as seen from the source.
struct BeamPoint {
  double u_mm = 0.0;      ///< Across, projected to the isocentre plane.
  double v_mm = 0.0;      ///< Along, projected to the isocentre plane.
  double depth_mm = 0.0;  ///< Distance from the source along the central axis.
};

/// A beam's axes in the patient (LPS), for a patient lying head first and supine; IEC 61217 angles.
/// Gantry 0 shines from anterior, gantry 90 from the patient's left. `across` is the collimator's x axis (to the
/// patient's left at gantry 0), `along` its y axis (superior at couch 0). Column 0 of a beam has the smallest u, row 0
/// the smallest v. Pure, thread-safe, throws nothing.
struct BeamFrame {
  Vector3 source_mm{};
  Vector3 axis{};    ///< From the source to the isocentre, unit length.
  Vector3 across{};  ///< Unit length.
  Vector3 along{};   ///< Unit length.

  DH_ADVISOR_API static BeamFrame at(double gantry_deg, double couch_deg, const Vector3& isocenter_mm);

  DH_ADVISOR_API BeamPoint project(const Vector3& point_mm) const;
  /// The point on the ray through (u, v) of the isocentre plane at `depth_mm` along the central axis.
  DH_ADVISOR_API Vector3 point_at(double u_mm, double v_mm, double depth_mm) const;
};

/// Centre of a column or row of a beam's grid, which is centred on the isocentre: mm at the isocentre plane.
inline double cell_center_mm(std::uint32_t cell, std::uint32_t cells, double width_mm) {
  return (cell - 0.5 * (cells - 1.0)) * width_mm;
}

/// Beamlets of all beams.
inline std::size_t beamlet_count(const std::vector<Beam>& beams) {
  std::size_t count = 0;
  for (const Beam& beam : beams) count += std::size_t{beam.columns} * beam.rows;
  return count;
}

}  // namespace dh_advisor
