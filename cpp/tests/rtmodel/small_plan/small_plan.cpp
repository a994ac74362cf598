#include "rtmodel/small_plan/small_plan.h"

#include <cmath>

namespace rtmodel::testing {
namespace {

constexpr double kVoxelMm = 5.0;
constexpr double kBodyRadiusMm = 70.0;
constexpr double kPi = 3.14159265358979323846;

struct Voxel {
  double x, y, z;
};

constexpr int kReach = static_cast<int>(kBodyRadiusMm / kVoxelMm);

/// Where the voxels lie, for what makes coarser ones.
DoseGrid grid(const std::vector<Voxel>& voxels, int slices) {
  DoseGrid grid;
  grid.size = {2 * kReach + 1, 2 * kReach + 1, slices};
  grid.spacing_mm = {kVoxelMm, kVoxelMm, kVoxelMm};
  grid.origin_mm = {-kReach * kVoxelMm, -kReach * kVoxelMm, -0.5 * (slices - 1) * kVoxelMm};
  for (const Voxel& voxel : voxels) {
    const int x = static_cast<int>(std::lround((voxel.x - grid.origin_mm[0]) / kVoxelMm));
    const int y = static_cast<int>(std::lround((voxel.y - grid.origin_mm[1]) / kVoxelMm));
    const int z = static_cast<int>(std::lround((voxel.z - grid.origin_mm[2]) / kVoxelMm));
    grid.voxel_of_row.push_back(x + grid.size[0] * (y + grid.size[1] * z));
  }
  return grid;
}

std::vector<Voxel> body(int slices) {
  std::vector<Voxel> voxels;
  for (int k = 0; k < slices; ++k) {
    for (int j = -kReach; j <= kReach; ++j) {
      for (int i = -kReach; i <= kReach; ++i) {
        const Voxel voxel{i * kVoxelMm, j * kVoxelMm, (k - 0.5 * (slices - 1)) * kVoxelMm};
        if (std::hypot(voxel.x, voxel.y) <= kBodyRadiusMm) voxels.push_back(voxel);
      }
    }
  }
  return voxels;
}

PlannedStructure structure(const char* name, dh_advisor::StructureRole role, double weight,
                           std::vector<dh_advisor::DoseVolumePoint> points) {
  PlannedStructure made;
  made.description.name = name;
  made.description.role = role;
  made.description.objective_weight = weight;
  made.description.prescription = std::move(points);
  return made;
}

std::vector<PlannedStructure> structures(const std::vector<Voxel>& voxels, double dose_gy) {
  auto target = structure("PTV", dh_advisor::StructureRole::kTarget, 30.0, {{dose_gy, 1.0}, {1.03 * dose_gy, 0.0}});
  target.description.prescribed_dose_gy = dose_gy;
  auto cord = structure("Cord", dh_advisor::StructureRole::kOrganAtRisk, 1.5, {{0.0, 1.0}, {0.4 * dose_gy, 0.0}});
  auto normal = structure("Normal", dh_advisor::StructureRole::kNormalTissue, 0.5, {{0.0, 1.0}, {0.3 * dose_gy, 0.0}});
  for (int row = 0; row < static_cast<int>(voxels.size()); ++row) {
    const Voxel& at = voxels[static_cast<std::size_t>(row)];
    const double radius = std::hypot(at.x, at.y);
    // A C open to the front around the cord, after AAPM TG-119.
    const bool is_target = radius >= 15.0 && radius <= 35.0 && at.y < 12.0;
    const bool is_cord = radius < 9.0;
    (is_target ? target : is_cord ? cord : normal).planned_rows.push_back(row);
  }
  std::vector<PlannedStructure> all{target, cord, normal};
  for (PlannedStructure& one : all) {
    one.contour_rows = one.planned_rows;
    one.description.voxel_count = static_cast<std::uint32_t>(one.planned_rows.size());
    one.description.volume_cc = 0.125 * static_cast<double>(one.planned_rows.size());
  }
  return all;
}

/// Dose of a pencil of Gaussian profile (sigma 4 mm) at a voxel, before scaling.
double pencil(const Voxel& voxel, double angle, double lateral_mm, double height_mm, bool is_slab) {
  const double depth = kBodyRadiusMm + voxel.x * std::sin(angle) - voxel.y * std::cos(angle);
  const double lateral = voxel.x * std::cos(angle) + voxel.y * std::sin(angle) - lateral_mm;
  const double height = is_slab ? 0.0 : voxel.z - height_mm;
  return std::exp(-0.0045 * depth) * std::exp(-(lateral * lateral + height * height) / 32.0);
}

}  // namespace

PlanProblem small_plan(const SmallPlanOptions& options) {
  PlanProblem problem;
  problem.case_id = "small";
  const std::vector<Voxel> voxels = body(options.slices);
  problem.grid = grid(voxels, options.slices);
  problem.structures = structures(voxels, options.prescribed_dose_gy);
  std::vector<Eigen::Triplet<float>> entries;
  int beamlet = 0;
  for (int beam = 0; beam < options.beams; ++beam) {
    const double gantry_deg = 360.0 * beam / options.beams;
    problem.beams.push_back({gantry_deg, 0.0, static_cast<std::uint32_t>(options.columns),
                             static_cast<std::uint32_t>(options.rows), kVoxelMm, kVoxelMm});
    for (int row = 0; row < options.rows; ++row) {
      for (int column = 0; column < options.columns; ++column, ++beamlet) {
        const double lateral = (column - 0.5 * (options.columns - 1)) * kVoxelMm;
        const double height = (row - 0.5 * (options.rows - 1)) * kVoxelMm;
        const bool is_excluded = std::abs(lateral) > 42.0;
        problem.is_excluded.push_back(is_excluded);
        if (is_excluded) continue;
        for (int voxel = 0; voxel < static_cast<int>(voxels.size()); ++voxel) {
          const double dose = pencil(voxels[static_cast<std::size_t>(voxel)], gantry_deg * kPi / 180.0, lateral, height,
                                     options.rows == 1);
          if (dose > 1e-3) entries.emplace_back(voxel, beamlet, static_cast<float>(dose));
        }
      }
    }
  }
  problem.influence.resize(static_cast<int>(voxels.size()), beamlet);
  problem.influence.setFromTriplets(entries.begin(), entries.end());
  double target_sum = 0.0;
  const auto& target_rows = problem.structures[0].planned_rows;
  for (int voxel : target_rows) target_sum += problem.influence.row(voxel).sum();
  const double scale = options.prescribed_dose_gy * static_cast<double>(target_rows.size()) / (0.05 * target_sum);
  problem.influence *= static_cast<float>(scale);
  problem.voxel_volume_cc = 0.125;
  return problem;
}

}  // namespace rtmodel::testing
