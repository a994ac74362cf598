#include "input/check_plan.h"

#include <cstdint>
#include <set>

#include "input/input_check.h"
#include "input/text.h"

namespace dh_advisor {
namespace {

// Bits of the mask volume.
constexpr std::uint32_t kMaskBits = 16;
constexpr std::size_t kLongestLabelBytes = 64;

void check_structure(const Structure& structure, std::size_t index, InputCheck& check) {
  const auto field = [index](const char* name) { return item("structures", index, name); };
  check.name(structure.name, field("name"));
  check.text(structure.tg263_name, field("tg263_name"));
  check.one_of(structure.role, StructureRole::kTarget, StructureRole::kNormalTissue, field("role"));
  check.not_negative(structure.volume_cc, field("volume_cc"));
  check.not_negative(structure.objective_weight, field("objective_weight"));
  check.require(structure.bit < kMaskBits, field("bit"), "is not below 16, the bits of the mask");
  if (structure.prescribed_dose_gy) check.positive(*structure.prescribed_dose_gy, field("prescribed_dose_gy"));
  double previous_gy = 0.0;
  for (std::size_t k = 0; k < structure.prescription.size(); ++k) {
    const DoseVolumePoint& point = structure.prescription[k];
    const std::string at = field("prescription") + "[" + std::to_string(k) + "]";
    check.not_negative(point.dose_gy, at + ".dose_gy");
    check.require(point.dose_gy >= previous_gy, at + ".dose_gy", "is lower than the one before it");
    check.require(point.volume_fraction >= 0.0 && point.volume_fraction <= 1.0, at + ".volume_fraction",
                  "must lie in [0, 1]");
    previous_gy = point.dose_gy;
  }
}

void check_beam(const Beam& beam, std::size_t index, InputCheck& check) {
  const auto field = [index](const char* name) { return item("beams", index, name); };
  check.finite(beam.gantry_deg, field("gantry_deg"));
  check.finite(beam.couch_deg, field("couch_deg"));
  check.require(beam.columns > 0 && beam.rows > 0, item("beams", index), "has no columns or no rows");
  check.positive(beam.column_width_mm, field("column_width_mm"));
  check.positive(beam.row_height_mm, field("row_height_mm"));
}

void check_level(const LevelPlan& level, std::size_t index, InputCheck& check) {
  const auto field = [index](const char* name) { return item("levels", index, name); };
  check.require(level.level == index, field("level"), "is out of order: levels are listed finest first, from 0");
  check.require(level.beamlet_count > 0, field("beamlet_count"), "is 0");
  check.positive(level.histogram_sigma_gy, field("histogram_sigma_gy"));
  check.not_negative(level.variance_lower_gy2, field("variance_lower_gy2"));
  check.not_negative(level.variance_upper_gy2, field("variance_upper_gy2"));
  check.require(level.variance_upper_gy2 >= level.variance_lower_gy2, field("variance_upper_gy2"),
                "is below variance_lower_gy2");
  check.not_negative(level.tolerance, field("tolerance"));
}

}  // namespace

void InputCheck::text(const std::string& value, std::string_view field) {
  if (!is_good()) return;
  if (const auto problem = problem_of_text(value)) require(false, field, *problem);
}

void InputCheck::name(const std::string& value, std::string_view field) {
  require(!value.empty(), field, "is empty");
  text(value, field);
}

Status check(const SessionOptions& options) {
  InputCheck check("session options");
  check.one_of(options.mode, AdviceMode::kOff, AdviceMode::kAdvise, "mode");
  check.name(options.address, "address");
  const double share = options.wait_share.value_or(0.0);
  check.require(share >= 0.0, "wait_share", "must be a share of at least 0, or infinity for no budget");
  return check.status();
}

Status check(const PlanStart& plan) {
  InputCheck check("plan start");
  check.text(plan.client, "client");
  check.require(!plan.plan_key.empty(), "plan_key", "is empty; give every plan a key of its own");
  check.text(plan.plan_key, "plan_key");
  check.text(plan.patient_key, "patient_key");
  check.one_of(plan.solver, SolverKind::kDh, SolverKind::kOther, "solver");
  check.text(plan.solver_name, "solver_name");
  check.require(plan.solver != SolverKind::kOther || !plan.solver_name.empty(), "solver_name",
                "is empty; a solver that is neither dH nor L-BFGS has a name");
  if (plan.quality) check.one_of(*plan.quality, Quality::kStrict, Quality::kFast, "quality");
  check.text(plan.label, "label");
  check.require(plan.label.size() <= kLongestLabelBytes, "label", "has more than 64 bytes");
  check.require(!plan.structures.empty(), "structures", "is empty");
  check.require(!plan.beams.empty(), "beams", "is empty");
  check.require(!plan.levels.empty(), "levels", "is empty");
  std::set<std::string> names;
  for (std::size_t i = 0; i < plan.structures.size() && check.is_good(); ++i) {
    check_structure(plan.structures[i], i, check);
    check.require(names.insert(plan.structures[i].name).second, item("structures", i, "name"),
                  "repeats an earlier one, but names are unique");
  }
  std::uint64_t beamlets = 0;
  for (std::size_t i = 0; i < plan.beams.size() && check.is_good(); ++i) {
    check_beam(plan.beams[i], i, check);
    beamlets += std::uint64_t{plan.beams[i].columns} * plan.beams[i].rows;
  }
  for (std::size_t i = 0; i < plan.levels.size() && check.is_good(); ++i) check_level(plan.levels[i], i, check);
  if (check.is_good()) {
    check.require(plan.levels[0].beamlet_count == beamlets, item("levels", 0, "beamlet_count"),
                  "is " + std::to_string(plan.levels[0].beamlet_count) + ", but the beams have " +
                      std::to_string(beamlets) + " columns times rows");
  }
  check.positive(plan.weight_ceiling, "weight_ceiling");
  check.positive(plan.weight_steepness, "weight_steepness");
  for (std::size_t i = 0; i < plan.accepts.size() && check.is_good(); ++i) {
    check.one_of(plan.accepts[i], Role::kInitialization, Role::kEarlyStopping, item("accepts", i));
  }
  for (std::size_t i = 0; i < plan.offers.size() && check.is_good(); ++i) {
    check.one_of(plan.offers[i], TensorKind::kGradient, TensorKind::kStructureMask, item("offers", i));
  }
  for (std::size_t i = 0; i < plan.self_checks.size() && check.is_good(); ++i) {
    const SelfCheck& self_check = plan.self_checks[i];
    check.one_of(self_check.outcome, CheckOutcome::kPassed, CheckOutcome::kFailed, item("self_checks", i, "outcome"));
    check.text(self_check.field, item("self_checks", i, "field"));
    check.text(self_check.finding, item("self_checks", i, "finding"));
  }
  return check.status();
}

}  // namespace dh_advisor
