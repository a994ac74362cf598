#pragma once

#include <functional>
#include <string>

#include "case/case.h"

namespace rtmodel {

/// A shape in the patient, LPS mm: whether a point is inside.
using Shape = std::function<bool(const Vector3&)>;

Shape ellipsoid(const Vector3& center_mm, const Vector3& radii_mm);
/// Along z from `low_mm` to `high_mm`, elliptic across.
Shape cylinder(double x_mm, double y_mm, double radius_x_mm, double radius_y_mm, double low_mm, double high_mm);
Shape both(Shape a, Shape b);
Shape either(Shape a, Shape b);
Shape without(Shape a, Shape b);

/// Makes a case from shapes: CT numbers where they are painted, one bit for every structure.
class Painter {
 public:
  /// Air on a grid of `spacing_mm` centred on (0, 0, 0) that covers +-`reach_mm`.
  Painter(std::string id, const Vector3& reach_mm, double spacing_mm);

  void paint(const Shape& shape, int hu);
  /// The body bounds all structures after it. Returns the structure for its dose or TG-263 name.
  void body(const Shape& shape);
  void organ(const std::string& name, const std::string& tg263_name, const Shape& shape);
  /// Kept `kSkinMm` under the surface, where build-up lets no beam reach the dose.
  void target(const std::string& name, const std::string& tg263_name, double prescribed_dose_gy, const Shape& shape);

  /// The case, with the isocentre at the centre of mass of all targets and structures in the order targets, organs,
  /// body. Throws InputError when a structure ended without a voxel.
  Case finish();

  static constexpr double kSkinMm = 5.0;

 private:
  void contour(const CaseStructure& structure, const Shape& shape, const std::vector<bool>& within);

  Case case_;
  std::vector<bool> body_, under_skin_;
};

}  // namespace rtmodel
