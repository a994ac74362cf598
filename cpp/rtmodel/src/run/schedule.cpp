#include "run/schedule.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "advice/plan_start.h"
#include "objective/parameterization.h"

namespace rtmodel {
namespace {

using dh_advisor::SolverKind;

constexpr double kDhStart = 0.005 * kWeightCeiling;
constexpr double kHighestSigmaGy = 200.0;
constexpr double kValueCallShare = 0.5;
/// One gradient of dH's program, which makes a histogram of every beamlet, was measured to cost 14 values in a slice.
constexpr double kShippedValueCallShare = 1.0 / 14.0;
/// Chosen on training patients (docs/adr/0023): fewer leave bad valleys, more cost what they save.
constexpr std::uint32_t kFlatStartPreparation = 15;
constexpr std::uint32_t kGivenStartPreparation = 10;
/// Planes have a few hundred beamlets, whole targets thousands.
constexpr Eigen::Index kLargePlanBeamlets = 1000;

std::vector<StageOptions> own_stages(const RunOptions& options, bool has_start) {
  if (options.solver == SolverKind::kLbfgs) {
    // A prepared start has found its valley: wide histograms would lead it out again (docs/adr/0023).
    return {{0, kLevelSigmaGy[0], 0, {}}};
  }
  std::vector<StageOptions> stages;
  for (std::uint32_t level = has_start ? 0 : kCoarsestLevel;; --level) {
    stages.push_back({level, level_sigma_gy(options.fidelity, level), 0, {}});
    if (level == 0) return stages;
  }
}

PlannedStage complete(const StageOptions& stage, const RunOptions& options) {
  const std::uint32_t limit =
      stage.iteration_limit == 0 ? options.max_iterations : std::min(stage.iteration_limit, options.max_iterations);
  return {stage.level, stage.histogram_sigma_gy, limit,
          stage.tolerance.value_or(shipped_tolerance(options.solver, stage.level))};
}

[[noreturn]] void refuse(const std::string& what) { throw std::invalid_argument(what); }

void check_stages(const std::vector<StageOptions>& stages) {
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const StageOptions& stage = stages[i];
    const std::string name = "stage " + std::to_string(i);
    if (stage.level >= kLevelCount)
      refuse(name + " is at level " + std::to_string(stage.level) + ": levels are 0 to 3");
    if (!(stage.histogram_sigma_gy > 0.0) || stage.histogram_sigma_gy > kHighestSigmaGy) {
      refuse(name + " has sigma " + std::to_string(stage.histogram_sigma_gy) + " Gy: give one in (0, 200]");
    }
    if (i > 0 && stage.level > stages[i - 1].level)
      refuse(name + " goes back to a coarser level: levels may only fall");
    if (stage.tolerance && !(*stage.tolerance >= 0.0)) refuse(name + " has a negative tolerance");
  }
  if (!stages.empty() && stages.back().level != 0) refuse("the last stage must be at level 0, the finest");
}

void check_range(const std::vector<double>& values, double highest, const std::string& name) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(values[i] >= 0.0) || values[i] > highest) {
      refuse(name + " " + std::to_string(i) + " is " + std::to_string(values[i]) + ": it must lie in [0, " +
             std::to_string(highest) + "]");
    }
  }
}

void check_length(std::size_t length, int expected, const std::string& name) {
  if (length != static_cast<std::size_t>(expected)) {
    refuse(name + " has length " + std::to_string(length) + ", the level has " + std::to_string(expected) +
           " beamlets");
  }
}

}  // namespace

std::vector<PlannedStage> plan_stages(const RunOptions& options) {
  std::vector<PlannedStage> stages;
  const bool has_start = !options.initial_weights.empty();
  for (const StageOptions& stage : options.stages.empty() ? own_stages(options, has_start) : options.stages) {
    stages.push_back(complete(stage, options));
  }
  return stages;
}

std::vector<PlannedStage> plan_stages_from_start(const RunOptions& options) {
  if (!options.stages.empty()) return {complete(options.stages.back(), options)};
  const PlannedStage last = complete({0, kLevelSigmaGy[0], 0, {}}, options);
  // L-BFGS has its safeguard. dH has none, which would cost it many times more, and runs into sharp valleys.
  if (options.solver == SolverKind::kLbfgs) return {last};
  return {complete({0, 5.0, 10, {}}, options), last};
}

std::vector<PlannedStage> plan_stages(const std::vector<dh_advisor::Stage>& advised, const RunOptions& options) {
  std::vector<PlannedStage> stages;
  for (const auto& stage : advised) {
    stages.push_back(complete({stage.level, stage.histogram_sigma_gy, stage.iteration_limit, {}}, options));
  }
  return stages;
}

std::uint32_t safeguard_iterations(const RunOptions& options, Eigen::Index beamlets) {
  return options.safeguard_iterations.value_or(beamlets > kLargePlanBeamlets ? 300 : 100);
}

PreparationTask preparation_task(const RunOptions& options, bool is_given) {
  std::uint32_t iterations = is_given ? kGivenStartPreparation : kFlatStartPreparation;
  if (options.solver == SolverKind::kDh) iterations = 0;
  const Measure measure = is_given ? Measure{1.0, options.preparation_dose_error} : Measure{0.0, 1.0};
  return {options.preparation_iterations.value_or(iterations), measure};
}

Eigen::VectorXd default_start(SolverKind solver, const Level& level, const PlanProblem& problem) {
  if (solver == SolverKind::kDh) return Eigen::VectorXd::Constant(level.beamlet_count(), kDhStart);
  return flat_start(level, problem);
}

Eigen::VectorXd flat_start(const Level& level, const PlanProblem& problem) {
  const PlannedStructure* target = nullptr;
  for (const PlannedStructure& structure : problem.structures) {
    const auto& dose_gy = structure.description.prescribed_dose_gy;
    if (!dose_gy || structure.planned_rows.empty()) continue;
    if (target == nullptr || *dose_gy > *target->description.prescribed_dose_gy) target = &structure;
  }
  if (target == nullptr) return Eigen::VectorXd::Constant(level.beamlet_count(), 0.25 * kWeightCeiling);
  double unit_dose_gy = 0.0;
  for (int row : target->planned_rows) unit_dose_gy += level.influence.row(row).cast<double>().sum();
  unit_dose_gy /= static_cast<double>(target->planned_rows.size());
  const double weight = clamp_weight(*target->description.prescribed_dose_gy / unit_dose_gy);
  return Eigen::VectorXd::Constant(level.beamlet_count(), weight);
}

CovarianceMode covariance_mode(const RunOptions& options) {
  return options.covariance.value_or(options.fidelity == Fidelity::kShipped ? CovarianceMode::kFull
                                                                            : CovarianceMode::kIncremental);
}

double value_call_share(const RunOptions& options) {
  return options.value_call_share.value_or(options.fidelity == Fidelity::kShipped ? kShippedValueCallShare
                                                                                  : kValueCallShare);
}

void check_fidelity(const RunOptions& options) {
  if (options.fidelity == Fidelity::kExact) {
    if (options.limits_to_beamlets) refuse("--limit-to-beamlets is of shipped dH: give --fidelity shipped, too");
    return;
  }
  const std::string exact = ", or --fidelity exact";
  if (options.solver != SolverKind::kDh) refuse("shipped dH has no solver lbfgs: take --solver dh" + exact);
  if (options.covariance == CovarianceMode::kIncremental) {
    refuse("shipped dH has no incremental covariance: take full, predicted or fixed" + exact);
  }
  if (options.preparation_iterations.value_or(0) > 0) {
    refuse("shipped dH prepares no start: leave --preparation out, or take --fidelity exact");
  }
  if (!options.structure_sigma_gy.empty()) {
    refuse("shipped dH has one sigma for all structures of a level: give stages, or take --fidelity exact");
  }
}

void check_options(const RunOptions& options, const PlanProblem& problem, const Pyramid& pyramid) {
  check_stages(options.stages);
  if (options.max_iterations == 0) refuse("max_iterations is 0: allow at least one");
  if (!options.initial_weights.empty()) {
    check_length(options.initial_weights.size(), pyramid.beamlet_count(0), "initial_weights");
    check_range(options.initial_weights, kWeightCeiling, "initial weight");
  }
  if (options.start_fraction && !(*options.start_fraction > 0.0 && *options.start_fraction < 1.0)) {
    refuse("start_fraction is " + std::to_string(*options.start_fraction) + ": it must lie between 0 and 1");
  }
  for (const auto& [level, variance] : options.predicted_variance_gy2) {
    const std::string name = "predicted_variance_gy2 of level " + std::to_string(level);
    if (level >= kLevelCount) refuse(name + ": levels are 0 to 3");
    check_length(variance.size(), pyramid.beamlet_count(level), name);
    check_range(variance, 1e8, name + ", element");
  }
  for (const auto& [structure, sigma_gy] : options.structure_sigma_gy) {
    if (structure >= problem.structures.size()) {
      refuse("structure_sigma_gy names structure " + std::to_string(structure) + " of " +
             std::to_string(problem.structures.size()));
    }
    if (!(sigma_gy > 0.0) || sigma_gy > kHighestSigmaGy) {
      refuse("structure_sigma_gy of structure " + std::to_string(structure) + " must lie in (0, 200] Gy");
    }
  }
}

}  // namespace rtmodel
