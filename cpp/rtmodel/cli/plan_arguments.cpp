#include "plan_arguments.h"

namespace rtmodel::cli {

void PlanArguments::add_to(CLI::App& command) {
  command.add_option("CASE", case_folder, "Folder of the case")->required();
  add_options_to(command);
}

void PlanArguments::add_options_to(CLI::App& command) {
  command
      .add_option("--beams", beams,
                  "Number of equispaced coplanar beams, or a YAML or JSON file of gantry_deg and couch_deg (IEC 61217)")
      ->capture_default_str();
  command.add_option("--beamlet-mm", beamlet_mm, "Beamlet spacing at the isocentre plane, mm, 1 to 50")
      ->capture_default_str();
  auto* window = command
                     .add_option("--window-mm", window_mm,
                                 "Plan the slices within so many mm of the isocentre slice, with one row of beamlets")
                     ->capture_default_str();
  command.add_flag("--full", is_full, "Plan the whole target in three dimensions")->excludes(window);
  command.add_option("--prescription", prescription_file, "YAML file of goals instead of the built-in one");
  command
      .add_option(
          "--memory-limit-gb", memory_limit_gb,
          "Refuse plans that would take more memory, GB of 10^9 bytes; three quarters of what there is when left out")
      ->check(CLI::Range(0.01, 1e6));
  command
      .add_option("--threads", threads,
                  "Threads; 0 = all to build the problem, and to optimize as many as its size is "
                  "worth. Never changes the result")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
}

PlanOptions PlanArguments::plan_options() const {
  PlanOptions options;
  options.beams = read_beam_choice(beams);
  options.beamlet_mm = beamlet_mm;
  if (is_full) {
    options.window_mm.reset();
  } else {
    options.window_mm = window_mm;
  }
  if (!prescription_file.empty()) options.prescription = Prescription::read(prescription_file);
  options.memory_limit_gb = memory_limit_gb;
  options.threads = threads;
  return options;
}

}  // namespace rtmodel::cli
