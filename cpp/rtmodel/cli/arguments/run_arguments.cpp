#include "run_arguments.h"

#include <cstdio>
#include <limits>

#include "case/finding.h"
#include "plot/result_file.h"
#include "run/schedule.h"

namespace rtmodel::cli {
namespace {

std::optional<CovarianceMode> covariance_named(const std::string& name) {
  for (const CovarianceMode mode :
       {CovarianceMode::kFull, CovarianceMode::kIncremental, CovarianceMode::kPredicted, CovarianceMode::kFixed})
    if (name == name_of(mode)) return mode;
  return std::nullopt;
}

StageOptions read_stage(const std::string& text) {
  StageOptions stage;
  double tolerance = 0.0;
  int used = 0;
  const int fields = std::sscanf(text.c_str(), "%u:%lf:%u%n:%lf%n", &stage.level, &stage.histogram_sigma_gy,
                                 &stage.iteration_limit, &used, &tolerance, &used);
  if (fields < 3 || static_cast<std::size_t>(used) != text.size())
    throw InputError("--stages: \"" + text +
                     "\" is not LEVEL:SIGMA_GY:ITERATIONS or LEVEL:SIGMA_GY:ITERATIONS:TOLERANCE");
  if (fields == 4) stage.tolerance = tolerance;
  return stage;
}

}  // namespace

void RunArguments::add_to(CLI::App& command) {
  auto* host = command.add_option("--advisor", advisor, "HOST:PORT of the advisor; without it the plan is classical");
  auto* ca =
      command.add_option("--advisor-ca", advisor_ca,
                         "PEM file: speak TLS with an advisor whose certificate one of these authorities signed");
  ca->needs(host)->check(CLI::ExistingFile);
  auto* certificate = command.add_option("--advisor-certificate", advisor_certificate,
                                         "PEM file: own certificate, for an advisor that asks for one");
  auto* key = command.add_option("--advisor-key", advisor_key, "PEM file: private key of it");
  certificate->needs(ca)->needs(key)->check(CLI::ExistingFile);
  key->needs(certificate)->check(CLI::ExistingFile);
  command.add_option("--advice-mode", advice_mode, "off, shadow (ask, never use) or advise; advise when left out")
      ->check(CLI::IsMember({"off", "shadow", "advise"}))
      ->needs(host);
  command
      .add_option("--solver", solver,
                  "dh (conjugate gradient through the pyramid) or lbfgs (bounded, from a prepared start); lbfgs unless "
                  "told, --fidelity shipped: dh")
      ->check(CLI::IsMember({"dh", "lbfgs"}));
  command
      .add_option("--covariance", covariance,
                  "full, incremental, predicted or fixed: where dH's adaptive variance comes from; full unless told, "
                  "which takes far longer than incremental with --full")
      ->check(CLI::IsMember({"full", "incremental", "predicted", "fixed"}));
  command.add_flag("--limit-to-beamlets", limits_to_beamlets,
                   "--fidelity shipped: end a level after as many iterations as it has beamlets, where dH would write "
                   "behind its matrices, instead of ending the plan with an error");
  command.add_flag("--no-polish", no_polish, "Do not end with classical iterations at the finest level");
  auto* quality_option = command.add_option(
      "--quality", quality,
      "What advice may do to the plan. strict: nothing, the plan without any advice is made as well and the better "
      "kept; balanced: no advised start makes it worse; fast: gates alone. dh: fast, lbfgs: balanced, unless "
      "told");
  quality_option->check(CLI::IsMember({"strict", "balanced", "fast"}));
  command.add_flag("--no-safeguard", no_safeguard, "The same as --quality fast")->excludes(quality_option);
  command
      .add_option("--safeguard-iterations", safeguard_iterations,
                  "Iterations after which the descent from a learned start is given up unless it leads, 100 (300 for "
                  "more than 1000 beamlets) unless told; as many as --max-iterations: it always goes to its end")
      ->check(CLI::PositiveNumber);
  command.add_option("--preparation", preparation_iterations,
                     "Iterations on the squared dose error that prepare a start; lbfgs: 15, or 10 beside F when the "
                     "start was given or advised, unless told; dh: 0");
  command.add_option("--max-iterations", max_iterations, "Iterations a stage at most")->capture_default_str();
  command.add_option("--iteration-deadline-ms", iteration_deadline_ms, "Longest wait for advice at an iteration, ms")
      ->check(CLI::Range(1, 600000))
      ->capture_default_str();
  command.add_option("--start-deadline-ms", start_deadline_ms, "Longest wait for geometry and level advice, ms")
      ->check(CLI::Range(1, 600000))
      ->capture_default_str();
  command
      .add_option(
          "--advice-wait-share", advice_wait_share,
          "Waiting budget: wait for advice at most this share of the time computed, and half a second, then go "
          "on without; 1 unless told, inf = no budget, also without it when --iteration-deadline-ms is above 1000")
      ->check(CLI::Range(0.0, std::numeric_limits<double>::infinity()));
  command.add_option("--seed", seed, "Reserved for solvers that draw numbers; none does today")->capture_default_str();
  command
      .add_option("--stages", stages,
                  "Schedule instead of the solver's: LEVEL:SIGMA_GY:ITERATIONS[:TOLERANCE], 0 iterations = the limit")
      ->delimiter(',');
  command.add_option("--start-from", start_from, "Result file whose weights start level 0 instead of the solver's own");
  command.add_option(
      "--start-fraction", start_fraction,
      "Start every beamlet at this fraction of the ceiling, between 0 and 1; the solver's own start when "
      "left out");
  command.add_option("--plan-key", plan_key, "Opaque key of the plan told to the advisor; the case's id when left out");
  command.add_option("--patient-key", patient_key, "Pseudonymous key of the patient told to the advisor");
  command.add_option("--advice-label", advice_label,
                     "What the advisor's operators see the plan under, at most 64 bytes; never a person's name, number "
                     "or date; none when left out");
  command.add_flag("--may-record", may_record, "Let the advisor record the run as a trajectory");
  command.add_flag("--trace-reference", trace_reference,
                   "Evaluate the reference objective after every iteration; not charged");
}

dh_advisor::SolverKind RunArguments::solver_kind(Fidelity fidelity) const {
  const bool is_dh = solver.empty() ? fidelity == Fidelity::kShipped : solver == "dh";
  return is_dh ? dh_advisor::SolverKind::kDh : dh_advisor::SolverKind::kLbfgs;
}

RunOptions RunArguments::run_options(Fidelity fidelity, int threads) const {
  RunOptions options;
  options.fidelity = fidelity;
  options.solver = solver_kind(fidelity);
  options.covariance = covariance_named(covariance);
  if (!advisor.empty()) {
    dh_advisor::SessionOptions session;
    session.address = advisor;
    if (!advisor_ca.empty()) session.tls = {advisor_ca, advisor_certificate, advisor_key, {}};
    session.mode = advice_mode == "off"      ? dh_advisor::AdviceMode::kOff
                   : advice_mode == "shadow" ? dh_advisor::AdviceMode::kShadow
                                             : dh_advisor::AdviceMode::kAdvise;
    session.iteration_deadline = std::chrono::milliseconds(iteration_deadline_ms);
    session.start_deadline = std::chrono::milliseconds(start_deadline_ms);
    session.wait_share = advice_wait_share;
    options.advisor = session;
  }
  options.limits_to_beamlets = limits_to_beamlets;
  options.polish = !no_polish;
  if (no_safeguard || quality == "fast") options.quality = Quality::kFast;
  if (quality == "balanced") options.quality = Quality::kBalanced;
  if (quality == "strict") options.quality = Quality::kStrict;
  options.safeguard_iterations = safeguard_iterations;
  options.preparation_iterations = preparation_iterations;
  options.max_iterations = max_iterations;
  options.threads = threads;
  check_fidelity(options);
  options.seed = seed;
  options.plan_key = plan_key;
  options.patient_key = patient_key;
  options.label = advice_label;
  options.may_record = may_record;
  options.trace_reference = trace_reference;
  for (const auto& stage : stages) options.stages.push_back(read_stage(stage));
  options.start_fraction = start_fraction;
  if (!start_from.empty()) options.initial_weights = final_weights_of(start_from);
  return options;
}

}  // namespace rtmodel::cli
