#include "geometry/beamlet_grid.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "case/finding.h"

namespace rtmodel {
namespace {

/// Wider than any collimator opens.
constexpr double kWidestFieldMm = 600.0;
constexpr int kMostColumns = 601;
/// More than any solver here can plan; an advisor takes far fewer.
constexpr double kMostBeamlets = 1e6;

/// Cells centred on 0 that reach `reach_mm` to both sides: odd in number.
int cells_to_reach(double reach_mm, double spacing_mm) {
  return 2 * static_cast<int>(std::ceil(std::max(0.0, reach_mm / spacing_mm - 0.5))) + 1;
}

/// First and last cell whose extent comes within `margin_mm` of `position_mm`.
std::pair<int, int> touched(double position_mm, double spacing_mm, int cells, double margin_mm) {
  const double first = std::ceil((position_mm - margin_mm) / spacing_mm - 0.5) + cells / 2;
  const double last = std::floor((position_mm + margin_mm) / spacing_mm + 0.5) + cells / 2;
  return {std::max(0, static_cast<int>(first)), std::min(cells - 1, static_cast<int>(last))};
}

}  // namespace

BeamletGrid cover_targets(const std::vector<BeamAngles>& angles, const Vector3& isocenter_mm,
                          const std::vector<Vector3>& target_points_mm, const BeamletGridOptions& options) {
  if (!(options.spacing_mm >= 1.0 && options.spacing_mm <= 50.0))
    throw InputError("beamlet spacing: " + std::to_string(options.spacing_mm) + " mm is not in [1, 50]");
  if (options.columns != 0 && (options.columns < 1 || options.columns > kMostColumns || options.columns % 2 == 0))
    throw InputError("columns: " + std::to_string(options.columns) +
                     " is not an odd number in [1, 601]; one column lies on the central axis");
  BeamletGrid grid;
  double reach_u = 0.0;
  double reach_v = 0.0;
  std::vector<std::vector<BeamPoint>> projections;
  for (const auto& angle : angles) {
    grid.frames.push_back(BeamFrame::at(angle.gantry_deg, angle.couch_deg, isocenter_mm));
    auto& projection = projections.emplace_back();
    for (const auto& point : target_points_mm) {
      projection.push_back(grid.frames.back().project(point));
      reach_u = std::max(reach_u, std::fabs(projection.back().u_mm));
      reach_v = std::max(reach_v, std::fabs(projection.back().v_mm));
    }
  }
  if (reach_u > kWidestFieldMm / 2 || reach_v > kWidestFieldMm / 2)
    throw InputError("the targets reach " + std::to_string(std::lround(std::max(reach_u, reach_v))) +
                     " mm from the isocentre; move the isocentre into the targets");

  const bool is_single_row = options.single_row_height_mm > 0.0;
  dh_advisor::Beam beam;
  beam.columns = options.columns > 0 ? static_cast<std::uint32_t>(options.columns)
                                     : cells_to_reach(reach_u + options.margin_mm, options.spacing_mm);
  grid.uncovered_mm = std::max(0.0, reach_u - 0.5 * beam.columns * options.spacing_mm);
  beam.rows = is_single_row ? 1 : cells_to_reach(reach_v + options.margin_mm, options.spacing_mm);
  beam.column_width_mm = options.spacing_mm;
  beam.row_height_mm = is_single_row ? options.single_row_height_mm : options.spacing_mm;
  const double count = static_cast<double>(beam.columns) * beam.rows * static_cast<double>(angles.size());
  if (count > kMostBeamlets)
    throw InputError(std::to_string(angles.size()) + " beams of " + std::to_string(beam.rows) + " x " +
                     std::to_string(beam.columns) +
                     " beamlets are more than 1000000; use larger beamlets, fewer "
                     "beams or a window");
  for (const auto& angle : angles) {
    beam.gantry_deg = angle.gantry_deg;
    beam.couch_deg = angle.couch_deg;
    grid.beams.push_back(beam);
  }

  grid.is_excluded.assign(grid.count(), options.excludes);
  if (!options.excludes) return grid;
  for (std::size_t b = 0; b < projections.size(); ++b) {
    for (const auto& point : projections[b]) {
      const auto columns = touched(point.u_mm, beam.column_width_mm, grid.columns(), options.margin_mm);
      const auto rows = touched(point.v_mm, beam.row_height_mm, grid.rows(), options.margin_mm);
      for (int row = rows.first; row <= rows.second; ++row)
        for (int column = columns.first; column <= columns.second; ++column)
          grid.is_excluded[(b * grid.rows() + row) * grid.columns() + column] = false;
    }
  }
  return grid;
}

}  // namespace rtmodel
