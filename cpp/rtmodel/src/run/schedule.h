#pragma once

#include <vector>

#include "dh_advisor/advice.h"
#include "pyramid/pyramid.h"
#include "run/preparation.h"
#include "run/run.h"

namespace rtmodel {

/// A stage with every default filled in.
struct PlannedStage {
  std::uint32_t level = 0;
  double histogram_sigma_gy = 0.0;
  std::uint32_t iteration_limit = 0;
  double tolerance = 0.0;
};

/// The stages of a run without advice: those of the options, else the solver's own. Given start weights are of the
/// finest level, so the solver's own schedule then begins there. Throws std::invalid_argument when a stage can't be
/// run.
std::vector<PlannedStage> plan_stages(const RunOptions& options);

/// The stages from a learned start of the finest level: the last of the options or of the solver's own; dH first makes
/// ten smoother iterations.
std::vector<PlannedStage> plan_stages_from_start(const RunOptions& options);

/// The stages an advisor asked for; they passed the gate.
std::vector<PlannedStage> plan_stages(const std::vector<dh_advisor::Stage>& advised, const RunOptions& options);

/// A learned start whose objective at the finest level is below this share of a flat start's needs no wide histograms.
/// Chosen on training patients, see docs/adr/0021-good-starts-skip-the-annealing.md.
constexpr double kGoodStartShare = 0.6;

/// Iterations after which the safeguard interrupts a learned start's descent: the options', else more of larger plans,
/// whose descents take longer to show where they lead; docs/adr/0022 says on how many patients each number was
/// measured.
std::uint32_t safeguard_iterations(const RunOptions& options, Eigen::Index beamlets);

/// How a start is prepared: the solver's own on the dose error alone, a given one (by the options or a model) on F with
/// a part of the dose error, which leaves alone what the start has right.
PreparationTask preparation_task(const RunOptions& options, bool is_given);

/// The start of the first stage without advice. dH: 0.5 % of the ceiling everywhere. L-BFGS: the flat start.
Eigen::VectorXd default_start(dh_advisor::SolverKind solver, const Level& level, const PlanProblem& problem);
/// One weight everywhere, such that the target prescribed highest gets its prescribed dose in the mean.
Eigen::VectorXd flat_start(const Level& level, const PlanProblem& problem);

/// Where the adaptive variance comes from: as the options say, else the fidelity's own.
CovarianceMode covariance_mode(const RunOptions& options);

/// Share of a value+gradient call that a value call costs: as the options say, else the fidelity's own.
double value_call_share(const RunOptions& options);

/// Throws std::invalid_argument when the options ask of shipped dH what it does not have.
void check_fidelity(const RunOptions& options);

/// Throws std::invalid_argument, naming the option, when lengths or values can't be used.
void check_options(const RunOptions& options, const PlanProblem& problem, const Pyramid& pyramid);

}  // namespace rtmodel
