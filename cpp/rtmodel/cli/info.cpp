#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "case/read_case.h"
#include "commands.h"
#include "arguments/plan_arguments.h"

namespace rtmodel::cli {
namespace {

nlohmann::json describe_plan(const BuiltPlan& plan, Fidelity fidelity, double build_ms) {
  using nlohmann::json;
  const PlanProblem& problem = plan.problem;
  json structures = json::array();
  for (const auto& structure : problem.structures) {
    json entry{{"name", structure.description.name},
               {"planned_voxels", structure.planned_rows.size()},
               {"contour_voxels", structure.contour_rows.size()},
               {"weight", structure.description.objective_weight},
               {"sphericity", structure.geometry.sphericity},
               {"dose_gradient_gy_per_mm", structure.geometry.dose_gradient_gy_per_mm},
               {"target_distance_mm", structure.geometry.target_distance_mm}};
    if (structure.description.prescribed_dose_gy)
      entry["prescribed_dose_gy"] = *structure.description.prescribed_dose_gy;
    structures.push_back(std::move(entry));
  }
  json gantry = json::array();
  for (const auto& beam : problem.beams) gantry.push_back({beam.gantry_deg, beam.couch_deg});
  const auto excluded = std::count(problem.is_excluded.begin(), problem.is_excluded.end(), true);
  return {{"case", problem.case_id},
          {"fidelity", name_of(fidelity)},
          {"gantry_couch_deg", gantry},
          {"columns", plan.beamlets.columns()},
          {"rows", plan.beamlets.rows()},
          {"column_width_mm", problem.beams.front().column_width_mm},
          {"row_height_mm", problem.beams.front().row_height_mm},
          {"beamlets", plan.beamlets.count()},
          {"excluded_beamlets", excluded},
          {"voxels", problem.influence.rows()},
          {"non_zeros", problem.influence.nonZeros()},
          {"isocenter_slice", plan.slice},
          {"build_ms", build_ms},
          {"structures", structures},
          {"notes", plan.notes}};
}

}  // namespace

void add_info(CLI::App& app) {
  auto* command = app.add_subcommand("info", "Builds the problem of a plan and describes it as JSON");
  auto arguments = std::make_shared<PlanArguments>();
  arguments->add_to(*command);
  command->callback([arguments] {
    const auto options = arguments->plan_options();
    std::vector<std::string> warnings;
    const Case value = require_case(arguments->case_folder, &warnings);
    const auto start = std::chrono::steady_clock::now();
    for (const auto& warning : warnings) std::cerr << "warning: " << warning << "\n";
    auto plan = build_problem(value, options);
    plan.notes.insert(plan.notes.begin(), warnings.begin(), warnings.end());
    const std::chrono::duration<double, std::milli> build = std::chrono::steady_clock::now() - start;
    std::cout << describe_plan(plan, arguments->fidelity_kind(), build.count()).dump(1) << "\n";
  });
}

}  // namespace rtmodel::cli
