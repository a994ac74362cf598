#include "dh_advisor/beam_frame.h"

#include <cmath>

namespace dh_advisor {
namespace {

double dot(const Vector3& a, const Vector3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

/// IEC fixed system (X to the right when facing the gantry, Y to the gantry, Z up) to LPS, undoing the couch's
/// rotation.
Vector3 to_patient(const Vector3& fixed, double couch_rad) {
  const double x = fixed[0] * std::cos(couch_rad) + fixed[1] * std::sin(couch_rad);
  const double y = -fixed[0] * std::sin(couch_rad) + fixed[1] * std::cos(couch_rad);
  return {x, -fixed[2], y};
}

}  // namespace

BeamFrame BeamFrame::at(double gantry_deg, double couch_deg, const Vector3& isocenter_mm) {
  const double kRadPerDeg = std::acos(-1.0) / 180.0;
  const double gantry = gantry_deg * kRadPerDeg;
  const double couch = couch_deg * kRadPerDeg;
  const Vector3 to_source = to_patient({std::sin(gantry), 0.0, std::cos(gantry)}, couch);
  BeamFrame frame;
  for (int i = 0; i < 3; ++i) {
    frame.source_mm[i] = isocenter_mm[i] + kSourceAxisDistanceMm * to_source[i];
    frame.axis[i] = -to_source[i];
  }
  frame.across = to_patient({std::cos(gantry), 0.0, -std::sin(gantry)}, couch);
  frame.along = to_patient({0.0, 1.0, 0.0}, couch);
  return frame;
}

BeamPoint BeamFrame::project(const Vector3& point_mm) const {
  const Vector3 from_source{point_mm[0] - source_mm[0], point_mm[1] - source_mm[1], point_mm[2] - source_mm[2]};
  const double depth = dot(from_source, axis);
  const double magnification = kSourceAxisDistanceMm / depth;
  return {dot(from_source, across) * magnification, dot(from_source, along) * magnification, depth};
}

Vector3 BeamFrame::point_at(double u_mm, double v_mm, double depth_mm) const {
  const double shrink = depth_mm / kSourceAxisDistanceMm;
  Vector3 point{};
  for (int i = 0; i < 3; ++i)
    point[i] = source_mm[i] + axis[i] * depth_mm + (across[i] * u_mm + along[i] * v_mm) * shrink;
  return point;
}

}  // namespace dh_advisor
