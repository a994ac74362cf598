#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "run/run.h"

namespace rtmodel::cli {

/// The options that shape a run of `optimize`.
struct RunArguments {
  std::string advisor;
  std::string advisor_ca;
  std::string advisor_certificate;
  std::string advisor_key;
  std::string advice_mode;
  std::string solver;      ///< Empty: the fidelity's own.
  std::string covariance;  ///< Empty: the fidelity's own.
  bool limits_to_beamlets = false;
  bool no_polish = false;
  std::string quality;
  bool no_safeguard = false;
  std::optional<std::uint32_t> safeguard_iterations;
  std::optional<std::uint32_t> preparation_iterations;
  std::uint32_t max_iterations = 500;
  std::uint64_t seed = 0;
  int iteration_deadline_ms = 50;
  int start_deadline_ms = 2000;
  std::optional<double> advice_wait_share;
  std::string plan_key;
  std::string patient_key;
  std::string advice_label;
  bool may_record = false;
  bool trace_reference = false;
  std::vector<std::string> stages;
  std::string start_from;
  std::optional<double> start_fraction;

  void add_to(CLI::App& command);
  /// The solver as told, else the one that makes good plans soonest; shipped: dH, which is all there is.
  dh_advisor::SolverKind solver_kind(Fidelity fidelity) const;
  /// Reads the result named by `--start-from`. Throws InputError, and std::invalid_argument for what a fidelity does
  /// not have.
  RunOptions run_options(Fidelity fidelity, int threads) const;
};

}  // namespace rtmodel::cli
