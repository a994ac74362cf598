#include "features/input.h"

#include <algorithm>
#include <cmath>

#include "features/guarded.h"
#include "input/input_check.h"

namespace dh_advisor {

void check_grid(const VoxelGrid& grid) {
  for (int axis = 0; axis < 3; ++axis) {
    if (grid.size[axis] == 0) throw InputMistake{item("grid.size", axis) + " is 0"};
    if (!(grid.spacing_mm[axis] > 0.0 && std::isfinite(grid.spacing_mm[axis])))
      throw InputMistake{item("grid.spacing_mm", axis) + " must be positive and finite"};
    if (!std::isfinite(grid.origin_mm[axis])) throw InputMistake{item("grid.origin_mm", axis) + " is not finite"};
  }
  const double count = static_cast<double>(grid.size[0]) * grid.size[1] * grid.size[2];
  if (count > kMostVoxels) throw InputMistake{"grid.size has more than " + std::to_string(kMostVoxels) + " voxels"};
}

void check_span(VoxelSpan voxels, std::size_t voxel_count, const std::string& field) {
  if (voxels.count > 0 && voxels.data == nullptr) throw InputMistake{field + " is null"};
  const auto at = [&field](std::size_t i) { return field + "[" + std::to_string(i) + "]"; };
  for (std::size_t i = 0; i < voxels.count; ++i) {
    if (voxels.data[i] >= voxel_count)
      throw InputMistake{at(i) + " is " + std::to_string(voxels.data[i]) + ", and the grid has " +
                         std::to_string(voxel_count) + " voxels"};
    if (i > 0 && voxels.data[i] <= voxels.data[i - 1]) throw InputMistake{at(i) + " is not above the one before it"};
  }
}

void check_beams(const std::vector<Beam>& beams) {
  if (beams.empty()) throw InputMistake{"beams is empty"};
  double count = 0.0;
  for (std::size_t b = 0; b < beams.size(); ++b) {
    const Beam& beam = beams[b];
    const auto field = [b](const char* name) { return item("beams", b, name); };
    if (!std::isfinite(beam.gantry_deg)) throw InputMistake{field("gantry_deg") + " is not finite"};
    if (!std::isfinite(beam.couch_deg)) throw InputMistake{field("couch_deg") + " is not finite"};
    if (beam.columns == 0) throw InputMistake{field("columns") + " is 0"};
    if (beam.rows == 0) throw InputMistake{field("rows") + " is 0"};
    if (!(beam.column_width_mm > 0.0 && std::isfinite(beam.column_width_mm)))
      throw InputMistake{field("column_width_mm") + " must be positive and finite"};
    if (!(beam.row_height_mm > 0.0 && std::isfinite(beam.row_height_mm)))
      throw InputMistake{field("row_height_mm") + " must be positive and finite"};
    count += static_cast<double>(beam.columns) * beam.rows;
  }
  if (count > kMostBeamlets) throw InputMistake{"beams have more than " + std::to_string(kMostBeamlets) + " beamlets"};
}

void check_input(const FeatureInput& input) {
  check_grid(input.grid);
  if (input.beamlet_count == 0) throw InputMistake{"beamlet_count is 0"};
  if (input.beamlet_count > kMostBeamlets)
    throw InputMistake{"beamlet_count is above " + std::to_string(kMostBeamlets)};
  if (input.structures.empty()) throw InputMistake{"structures is empty"};
  if (input.structures.size() > kMostStructures)
    throw InputMistake{"structures has more than " + std::to_string(kMostStructures) + " entries"};
  if (!input.dose) throw InputMistake{"dose is no function"};
  for (std::size_t s = 0; s < input.structures.size(); ++s) {
    const StructureVoxels& structure = input.structures[s];
    const std::string contour = item("structures", s, "contour");
    const std::string planned = item("structures", s, "planned");
    check_span(structure.contour, input.grid.voxel_count(), contour);
    check_span(structure.planned, input.grid.voxel_count(), planned);
    if (structure.contour.count == 0) throw InputMistake{contour + " is empty"};
    if (!std::includes(structure.contour.begin(), structure.contour.end(), structure.planned.begin(),
                       structure.planned.end()))
      throw InputMistake{planned + " has voxels that the contour has not"};
  }
}

Rows::Rows(const FeatureInput& input) : row_of_voxel_(input.grid.voxel_count(), kNone) {
  for (const StructureVoxels& structure : input.structures)
    for (const std::uint32_t voxel : structure.contour) row_of_voxel_[voxel] = 0;
  for (std::int32_t& row : row_of_voxel_)
    if (row != kNone) row = static_cast<std::int32_t>(count_++);
}

void refuse_entry(const FeatureInput& input, std::uint32_t beamlet, std::uint32_t voxel, double dose) {
  if (beamlet >= input.beamlet_count)
    throw InputMistake{"dose: beamlet " + std::to_string(beamlet) + " of " + std::to_string(input.beamlet_count)};
  if (voxel >= input.grid.voxel_count())
    throw InputMistake{"dose: voxel " + std::to_string(voxel) + " of " + std::to_string(input.grid.voxel_count())};
  throw InputMistake{"dose of beamlet " + std::to_string(beamlet) + " in voxel " + std::to_string(voxel) + " is " +
                     std::to_string(dose) + "; it must be in [0, 1e30]"};
}

}  // namespace dh_advisor
