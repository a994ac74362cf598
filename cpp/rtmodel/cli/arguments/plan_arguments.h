#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "plan/build_problem.h"

namespace rtmodel::cli {

/// The options that shape a problem, shared by `info`, `optimize` and `collect`.
struct PlanArguments {
  std::string case_folder;
  std::string fidelity = "exact";
  std::string beams = "9";
  std::optional<double> beamlet_mm;
  std::optional<double> window_mm;
  std::optional<double> row_height_mm;
  std::optional<int> columns;
  bool is_full = false;
  std::string prescription_file;
  std::optional<double> memory_limit_gb;
  int threads = 0;

  /// The folder of the one case, and the options.
  void add_to(CLI::App& command);
  void add_options_to(CLI::App& command);
  Fidelity fidelity_kind() const { return fidelity == "shipped" ? Fidelity::kShipped : Fidelity::kExact; }
  /// The fidelity's own plan, changed by what was asked for. Reads the files named. Throws InputError.
  PlanOptions plan_options() const;
};

}  // namespace rtmodel::cli
