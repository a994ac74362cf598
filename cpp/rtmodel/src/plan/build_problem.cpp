#include "plan/build_problem.h"

#include <algorithm>
#include <cmath>

#include "case/finding.h"
#include "dose/dose_model.h"
#include "dose/influence.h"
#include "dose/influence_size.h"
#include "plan/region.h"
#include "plan/structure_geometry.h"
#include "plan/voxel_sets.h"

namespace rtmodel {
namespace {

/// A single row ends this far beyond the window, so that its penumbra lies outside.
constexpr double kRowOverhangMm = 10.0;
constexpr double kHighestRowMm = 600.0;

double row_height_mm(const PlanOptions& options) {
  if (!options.row_height_mm) return 2.0 * (*options.window_mm + kRowOverhangMm);
  if (!(*options.row_height_mm > 0.0 && *options.row_height_mm <= kHighestRowMm))
    throw InputError("row height: " + std::to_string(*options.row_height_mm) + " mm is not in (0, 600]");
  return *options.row_height_mm;
}

std::vector<int> rows_of(const std::vector<int>& voxels, const std::vector<int>& row_of_voxel) {
  std::vector<int> rows(voxels.size());
  std::transform(voxels.begin(), voxels.end(), rows.begin(), [&](int voxel) { return row_of_voxel[voxel]; });
  return rows;
}

/// Scales the matrix so that uniform weights give the highest prescription as mean dose of its target. Returns the
/// scale.
double scale_to_prescription(PlanProblem& problem) {
  const auto& target = problem.structures.front();
  double sum = 0.0;
  for (const int row : target.planned_rows)
    for (InfluenceMatrix::InnerIterator entry(problem.influence, row); entry; ++entry) sum += entry.value();
  const double mean_gy = kDoseModel.uniform_weight * sum / static_cast<double>(target.planned_rows.size());
  if (!(mean_gy > 0.0)) throw InputError("the beams do not reach " + target.description.name + "; check angles and CT");
  const auto scale = static_cast<float>(*target.description.prescribed_dose_gy / mean_gy);
  float* values = problem.influence.valuePtr();
  for (Eigen::Index i = 0; i < problem.influence.nonZeros(); ++i) values[i] *= scale;
  return scale;
}

}  // namespace

PlanOptions PlanOptions::of(Fidelity fidelity) {
  PlanOptions options;
  if (fidelity == Fidelity::kExact) return options;
  options.beamlet_mm = 4.0;
  options.columns = 39;
  options.row_height_mm = 20.0;
  // dH computes the dose of the isocentre slice and copies it to all others.
  options.window_mm = 0.0;
  options.excludes_beamlets = false;
  options.prescription = Prescription::shipped();
  return options;
}

BuiltPlan build_problem(const Case& value, const PlanOptions& options) {
  BuiltPlan plan;
  const Region region = choose_region(value, options.window_mm, plan.notes);
  auto voxels = assign_voxels(value, region, options.prescription, plan.notes);
  for (auto& sentence : options.prescription.contradictions(value)) plan.notes.push_back(std::move(sentence));
  plan.slice = region.slice;
  plan.density = DensityGrid::from_ct(value);

  std::vector<Vector3> target_points;
  for (std::size_t i = 0; i < voxels.is_target.size(); ++i)
    if (voxels.is_target[i]) target_points.push_back(value.grid.center_mm(static_cast<int>(i)));
  BeamletGridOptions grid_options;
  grid_options.spacing_mm = options.beamlet_mm;
  grid_options.columns = options.columns;
  grid_options.excludes = options.excludes_beamlets;
  if (options.window_mm) grid_options.single_row_height_mm = row_height_mm(options);
  plan.beamlets = cover_targets(options.beams, region.isocenter_mm, target_points, grid_options);
  if (plan.beamlets.uncovered_mm > 0.0)
    plan.notes.push_back("the targets reach " + std::to_string(std::lround(plan.beamlets.uncovered_mm)) +
                         " mm beyond the beams' " + std::to_string(plan.beamlets.columns()) +
                         " columns; take more or wider ones to cover them");

  require_room(estimate_influence(plan.density, plan.beamlets, voxels.voxels, options.threads),
               options.memory_limit_gb);

  PlanProblem& problem = plan.problem;
  problem.case_id = value.id;
  problem.beams = plan.beamlets.beams;
  problem.is_excluded = plan.beamlets.is_excluded;
  problem.grid = {value.grid.size, value.grid.spacing_mm, value.grid.origin_mm, region.isocenter_mm,
                  std::move(voxels.voxels)};
  problem.voxel_volume_cc = value.grid.voxel_volume_cc();
  problem.influence = compute_influence(plan.density, plan.beamlets, problem.grid.voxel_of_row, options.threads);

  std::vector<int> row_of_voxel(value.grid.voxel_count(), -1);
  for (std::size_t row = 0; row < problem.grid.voxel_of_row.size(); ++row)
    row_of_voxel[problem.grid.voxel_of_row[row]] = static_cast<int>(row);
  for (auto& set : voxels.sets)
    problem.structures.push_back(
        {std::move(set.description), rows_of(set.planned, row_of_voxel), rows_of(set.contour, row_of_voxel), {}});
  plan.gy_per_dose = scale_to_prescription(problem);
  describe_geometry(voxels.is_target, problem);
  return plan;
}

}  // namespace rtmodel
