#include <algorithm>
#include <cmath>

#include "features/guarded.h"
#include "features/input.h"

namespace dh_advisor {
namespace {

/// Cortical bone of ICRU Report 44: electron density 1.78 relative to water, about 1500 HU at 120 kV.
constexpr double kBoneHu = 1500.0;
constexpr double kBoneDensity = 1.78;
/// Teeth and metal: above this a photon beam's CT numbers say little, and streaks would shadow what lies behind.
constexpr double kHighestDensity = 2.5;

/// Trilinear between voxel centres, 0 outside the grid.
double density_at(const VoxelGrid& grid, const float* density, const Vector3& point_mm) {
  std::array<int, 3> low{};
  Vector3 share{};
  for (int axis = 0; axis < 3; ++axis) {
    const double position = (point_mm[axis] - grid.origin_mm[axis]) / grid.spacing_mm[axis];
    if (!(position > -1.0 && position < grid.size[axis])) return 0.0;
    low[axis] = static_cast<int>(std::floor(position));
    share[axis] = position - low[axis];
  }
  double sum = 0.0;
  for (int corner = 0; corner < 8; ++corner) {
    const int at[3] = {low[0] + (corner & 1), low[1] + (corner >> 1 & 1), low[2] + (corner >> 2 & 1)};
    bool is_inside = true;
    for (int axis = 0; axis < 3; ++axis)
      is_inside = is_inside && at[axis] >= 0 && at[axis] < static_cast<int>(grid.size[axis]);
    if (!is_inside) continue;
    sum += density[grid.index(at[0], at[1], at[2])] * (corner & 1 ? share[0] : 1.0 - share[0]) *
           (corner & 2 ? share[1] : 1.0 - share[1]) * (corner & 4 ? share[2] : 1.0 - share[2]);
  }
  return sum;
}

}  // namespace

double relative_density(int hu) {
  if (hu <= 0) return std::max(0.0, 1.0 + hu / 1000.0);
  return std::min(kHighestDensity, 1.0 + hu * (kBoneDensity - 1.0) / kBoneHu);
}

Status build_path_density(const VoxelGrid& grid, const float* density, const Vector3& isocenter_mm,
                          const std::vector<Beam>& beams, std::vector<double>& path_density) {
  path_density.clear();
  return guarded("path density", [&] {
    check_grid(grid);
    check_beams(beams);
    require(density != nullptr, "density is null");
    for (const double at : isocenter_mm) require(std::isfinite(at), "isocenter_mm is not finite");
    const float* const end = density + grid.voxel_count();
    const float* const bad = std::find_if(density, end, [](float value) { return !(value >= 0.0F && value < 1e3F); });
    if (bad != end)
      throw InputMistake{"density[" + std::to_string(bad - density) + "] is " + std::to_string(*bad) +
                         "; relative electron density lies in [0, 1000)"};
    std::vector<double> result;
    result.reserve(beamlet_count(beams) * kPathSamples);
    const double step_mm = 2.0 * kPathReachMm / kPathSamples;
    for (const Beam& beam : beams) {
      const BeamFrame frame = BeamFrame::at(beam.gantry_deg, beam.couch_deg, isocenter_mm);
      for (std::uint32_t row = 0; row < beam.rows; ++row) {
        const double v = cell_center_mm(row, beam.rows, beam.row_height_mm);
        for (std::uint32_t column = 0; column < beam.columns; ++column) {
          const double u = cell_center_mm(column, beam.columns, beam.column_width_mm);
          for (std::uint32_t sample = 0; sample < kPathSamples; ++sample) {
            const double depth = kSourceAxisDistanceMm - kPathReachMm + (sample + 0.5) * step_mm;
            result.push_back(density_at(grid, density, frame.point_at(u, v, depth)));
          }
        }
      }
    }
    path_density = std::move(result);
  });
}

}  // namespace dh_advisor
