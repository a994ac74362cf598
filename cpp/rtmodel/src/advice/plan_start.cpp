#include "advice/plan_start.h"

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
  start.client = "rtmodel 0.1.0";
  start.plan_key = options.plan_key.empty() ? problem.case_id : options.plan_key;
  start.patient_key = options.patient_key;
  start.solver = options.solver;
  start.may_record = options.may_record;
  for (const PlannedStructure& structure : problem.structures) start.structures.push_back(structure.description);
  start.beams = problem.beams;
  start.weight_ceiling = kWeightCeiling;
  start.weight_steepness = kWeightSteepness;
  for (std::uint32_t level = 0; level < kLevelCount; ++level) {
    const VarianceBounds bounds = variance_bounds(kLevelSigmaGy[level]);
    start.levels.push_back({level, static_cast<std::uint32_t>(pyramid.beamlet_count(level)), kLevelSigmaGy[level],
                            bounds.lower_gy2, bounds.upper_gy2, options.max_iterations,
                            shipped_tolerance(options.solver, level)});
  }
  start.accepts = {Role::kInitialization,   Role::kHistogramSigma, Role::kPyramidSigma,
                   Role::kAdaptiveVariance, Role::kStepDirection,  Role::kEarlyStopping};
  start.offers = {TensorKind::kGradient,        TensorKind::kWeights,    TensorKind::kDirection,
                  TensorKind::kVariance,        TensorKind::kColumnNorm, TensorKind::kStructureMeanDose,
                  TensorKind::kStructureMaxDose};
  if (options.geometry.path_density) start.offers.push_back(TensorKind::kPathDensity);
  for (const auto& volume : options.geometry.volumes) start.offers.push_back(volume.kind);
  return start;
}

}  // namespace rtmodel
