#pragma once

#include <Eigen/SparseCore>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dh_advisor/plan.h"

namespace rtmodel {

/// Dose in Gy per unit weight; rows = planned voxels, columns = beamlets of the finest level in the order beam, row,
/// column.
using InfluenceMatrix = Eigen::SparseMatrix<float, Eigen::RowMajor, int>;

/// One structure as planned, and as contoured for the figures of merit.
struct PlannedStructure {
  dh_advisor::Structure description;
  /// Rows of the influence matrix: without overlap for planning, ascending.
  std::vector<int> planned_rows;
  /// Rows of the influence matrix inside the contour, overlap included, ascending.
  std::vector<int> contour_rows;
  dh_advisor::StructureGeometry geometry;
};

/// Where the planned voxels lie, for pictures and spatial figures.
struct DoseGrid {
  std::array<int, 3> size{};  ///< x, y, z of the case's grid.
  std::array<double, 3> spacing_mm{};
  std::array<double, 3> origin_mm{};  ///< Centre of voxel (0, 0, 0), DICOM LPS.
  std::array<double, 3> isocenter_mm{};
  std::vector<int> voxel_of_row;  ///< x + size_x * (y + size_y * z) for every row.
};

/// Everything the optimizer needs to know about a plan. Made from a case by `build_problem`, read-only afterwards.
struct PlanProblem {
  std::string case_id;
  std::vector<dh_advisor::Beam> beams;
  InfluenceMatrix influence;
  /// One per beamlet of the finest level: touches no target, so its column is empty and its weight 0.
  std::vector<bool> is_excluded;
  /// Targets first, highest prescription first; normal tissue last.
  std::vector<PlannedStructure> structures;
  DoseGrid grid;
  double voxel_volume_cc = 0.0;
};

}  // namespace rtmodel
