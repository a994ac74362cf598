#pragma once

#include <vector>

#include "case/case.h"

namespace rtmodel {

/// Relative electron density on the case's grid; air outside it.
struct DensityGrid {
  Grid grid;
  std::vector<float> density;

  static DensityGrid from_ct(const Case& value);

  /// Exact integral of the density from `from_mm` to `to_mm`, in mm of water: each voxel on the way counts with the
  /// length of the line inside it (Amanatides and Woo, Eurographics 1987).
  double water_equivalent_mm(const Vector3& from_mm, const Vector3& to_mm) const;
};

}  // namespace rtmodel
