#include "result/result_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "metrics/dose.h"
#include "metrics/dose_metrics.h"
#include "metrics/dose_volume_curve.h"
#include "result/run_json.h"
#include "result/slice_json.h"
#include "shipped/beam_terms.h"

namespace rtmodel {
namespace {

using nlohmann::json;

constexpr double kCurveStepGy = 0.5;

const char* name_of(dh_advisor::SolverKind solver) { return solver == dh_advisor::SolverKind::kDh ? "dh" : "lbfgs"; }

const char* name_of(dh_advisor::StructureRole role) {
  switch (role) {
    case dh_advisor::StructureRole::kTarget:
      return "target";
    case dh_advisor::StructureRole::kOrganAtRisk:
      return "organ-at-risk";
    case dh_advisor::StructureRole::kNormalTissue:
      return "normal-tissue";
  }
  return "unknown";
}

const char* mode_of(const RunOptions& options) {
  if (!options.advisor) return "off";
  switch (options.advisor->mode) {
    case dh_advisor::AdviceMode::kOff:
      return "off";
    case dh_advisor::AdviceMode::kShadow:
      return "shadow";
    case dh_advisor::AdviceMode::kAdvise:
      return "advise";
  }
  return "unknown";
}

json plan_json(const BuiltPlan& plan, const PlanOptions& options, Fidelity fidelity) {
  const PlanProblem& problem = plan.problem;
  const int columns = plan.beamlets.columns();
  json beams = json::array();
  for (const auto& beam : problem.beams) {
    json entry{{"gantry_deg", beam.gantry_deg}, {"couch_deg", beam.couch_deg}};
    // As the beam would be set up in dH.
    if (fidelity == Fidelity::kShipped) {
      entry["shipped"] = {{"gantry_rad", shipped_gantry_rad(beam.gantry_deg)},
                          {"first_shift", shipped_shift(0, columns)},
                          {"last_shift", shipped_shift(columns - 1, columns)}};
    }
    beams.push_back(std::move(entry));
  }
  return {{"beams", beams},
          {"columns", columns},
          {"rows", plan.beamlets.rows()},
          {"column_width_mm", problem.beams.front().column_width_mm},
          {"row_height_mm", problem.beams.front().row_height_mm},
          {"window_mm", options.window_mm ? json(*options.window_mm) : json()},
          {"isocenter_mm", problem.grid.isocenter_mm},
          {"beamlets", plan.beamlets.count()},
          {"excluded_beamlets", std::count(problem.is_excluded.begin(), problem.is_excluded.end(), true)},
          {"voxels", problem.influence.rows()},
          {"non_zeros", problem.influence.nonZeros()},
          {"notes", plan.notes}};
}

json structures_json(const PlanProblem& problem, const std::vector<double>& dose_gy) {
  json structures = json::array();
  for (const auto& structure : problem.structures) {
    json fractions = json::array();
    for (const auto& point : dose_volume_curve(sorted_doses(dose_gy, structure.contour_rows), kCurveStepGy))
      fractions.push_back(point.volume_fraction);
    const auto& description = structure.description;
    structures.push_back(
        {{"name", description.name},
         {"role", name_of(description.role)},
         {"prescribed_dose_gy", description.prescribed_dose_gy ? json(*description.prescribed_dose_gy) : json()},
         {"objective_weight", description.objective_weight},
         {"planned_voxels", structure.planned_rows.size()},
         {"contour_voxels", structure.contour_rows.size()},
         {"metrics", json::object()},
         {"dvh", {{"step_gy", kCurveStepGy}, {"volume_fraction", std::move(fractions)}}}});
  }
  for (const auto& metric : dose_metrics(problem, dose_gy))
    structures[metric.structure]["metrics"][metric.name] = metric.value;
  return structures;
}

/// The plan without any advice; null where it was not made.
json unadvised_json(const PlanProblem& problem, const RunResult& run) {
  if (!run.unadvised) return {};
  return {{"reference_objective", run.unadvised->reference_objective},
          {"call_equivalents", run.unadvised->call_equivalents},
          {"structures", structures_json(problem, recompute_dose(problem, run.unadvised->final_weights))}};
}

}  // namespace

json result_json(const Case& value, const BuiltPlan& plan, const RunResult& run, const ResultContext& context) {
  const auto dose_gy = recompute_dose(plan.problem, run.final_weights);
  json result{
      {"format", "rtmodel-result"},
      {"version", 1},
      {"program", context.program},
      {"label", context.label},
      {"case", value.id},
      {"plan", plan_json(plan, context.plan_options, run.fidelity)},
      {"solver", name_of(run.solver)},
      {"fidelity", name_of(run.fidelity)},
      {"covariance", name_of(run.covariance)},
      {"advice_mode", mode_of(context.run_options)},
      {"options",
       {{"max_iterations", context.run_options.max_iterations},
        {"limits_to_beamlets", context.run_options.limits_to_beamlets},
        {"polish", context.run_options.polish},
        {"safeguard_iterations",
         context.run_options.safeguard_iterations ? json(*context.run_options.safeguard_iterations) : json()},
        {"preparation_iterations",
         context.run_options.preparation_iterations ? json(*context.run_options.preparation_iterations) : json()},
        {"threads", context.run_options.threads},
        {"seed", context.run_options.seed}}},
      {"stop_reason", dh_advisor::name_of(run.stop_reason)},
      {"objective", run.objective},
      {"reference_objective", run.reference_objective},
      {"own_objective", run.own_objective ? json(*run.own_objective) : json()},
      {"fault", run.fault.empty() ? json() : json(run.fault)},
      {"total", counts_json(run.total)},
      {"value_call_share", run.value_call_share},
      {"voxel_weighted_calls", run.voxel_weighted_calls},
      {"cpu_ms", run.cpu_ms},
      {"read_ms", context.read_ms},
      {"build_ms", context.build_ms},
      {"stages", stages_json(run)},
      {"quality", dh_advisor::name_of(run.quality)},
      {"safeguard", safeguard_json(run)},
      {"unadvised", unadvised_json(plan.problem, run)},
      {"advice", advice_json(run.advice)},
      {"structures", structures_json(plan.problem, dose_gy)},
      {"trace", trace_json(run)},
      {"final_weights", run.final_weights}};
  if (context.with_slice) result["slice"] = slice_json(value, plan, dose_gy);
  return result;
}

}  // namespace rtmodel
