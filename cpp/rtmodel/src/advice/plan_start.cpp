#include "advice/plan_start.h"

#include <algorithm>

#include "objective/parameterization.h"

namespace rtmodel {

using dh_advisor::Role;
using dh_advisor::TensorKind;

double shipped_tolerance(dh_advisor::SolverKind solver, std::uint32_t level) {
  // L-BFGS measures the change over several iterations, whose mean is steadier than dH's single one.
  return solver == dh_advisor::SolverKind::kDh ? kLevelTolerance[level] : 1e-5;
}

dh_advisor::PlanStart plan_start(const PlanProblem& problem, const Pyramid& pyramid, const RunOptions& options) {
  dh_advisor::PlanStart start;
  const bool is_shipped = options.fidelity == Fidelity::kShipped;
  start.client = is_shipped ? "rtmodel " RTMODEL_VERSION ", shipped dH" : "rtmodel " RTMODEL_VERSION;
  start.plan_key = options.plan_key.empty() ? problem.case_id : options.plan_key;
  start.patient_key = options.patient_key;
  start.solver = options.solver;
  start.may_record = options.may_record;
  start.label = options.label;
  start.quality = quality_of(options);
  const auto& volumes = options.geometry.volumes;
  const bool has_masks = std::any_of(volumes.begin(), volumes.end(), [](const dh_advisor::VolumeView& volume) {
    return volume.kind == TensorKind::kStructureMask;
  });
  for (const PlannedStructure& structure : problem.structures) {
    start.structures.push_back(structure.description);
    // Bits of masks that nobody is offered mean nothing; those of more than 16 structures would be refused.
    if (!has_masks) start.structures.back().bit = 0;
  }
  start.beams = problem.beams;
  start.weight_ceiling = kWeightCeiling;
  start.weight_steepness = kWeightSteepness;
  for (std::uint32_t level = 0; level < kLevelCount; ++level) {
    const double sigma_gy = level_sigma_gy(options.fidelity, level);
    const VarianceBounds bounds = variance_bounds(sigma_gy);
    start.levels.push_back({level, static_cast<std::uint32_t>(pyramid.beamlet_count(level)), sigma_gy, bounds.lower_gy2,
                            bounds.upper_gy2, options.max_iterations, shipped_tolerance(options.solver, level)});
  }
  start.accepts = {Role::kInitialization, Role::kPyramidSigma, Role::kAdaptiveVariance, Role::kStepDirection,
                   Role::kEarlyStopping};
  // dH's program has one sigma for all structures.
  if (!is_shipped) start.accepts.insert(start.accepts.begin() + 1, Role::kHistogramSigma);
  start.offers = {TensorKind::kGradient,        TensorKind::kWeights,    TensorKind::kDirection,
                  TensorKind::kVariance,        TensorKind::kColumnNorm, TensorKind::kStructureMeanDose,
                  TensorKind::kStructureMaxDose};
  if (options.geometry.path_density) start.offers.push_back(TensorKind::kPathDensity);
  for (const auto& volume : options.geometry.volumes) start.offers.push_back(volume.kind);
  return start;
}

}  // namespace rtmodel
