#include "geometry/distance_map.h"

#include "geometry/voxels.h"

namespace rtmodel {

std::vector<float> distance_to(const Grid& grid, const std::vector<bool>& is_inside) {
  std::vector<float> distance_mm;
  require_ok(dh_advisor::distance_to(voxel_grid(grid), voxels_of(is_inside), distance_mm));
  return distance_mm;
}

}  // namespace rtmodel
