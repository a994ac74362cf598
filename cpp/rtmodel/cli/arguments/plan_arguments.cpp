#include "plan_arguments.h"

#include "case/finding.h"

namespace rtmodel::cli {

void PlanArguments::add_to(CLI::App& command) {
  command.add_option("CASE", case_folder, "Folder of the case")->required();
  add_options_to(command);
}

void PlanArguments::add_options_to(CLI::App& command) {
  command
      .add_option("--fidelity", fidelity,
                  "exact (dH's algorithm as its author describes it) or shipped (dH's program as it is built, with its "
                  "beamlets, goals and faults; --solver dh alone); see docs/dh-fidelity.md")
      ->check(CLI::IsMember({"exact", "shipped"}))
      ->capture_default_str();
  command
      .add_option("--beams", beams,
                  "Number of equispaced coplanar beams, or a YAML or JSON file of gantry_deg and couch_deg (IEC 61217)")
      ->capture_default_str();
  command.add_option("--beamlet-mm", beamlet_mm,
                     "Beamlet spacing at the isocentre plane, mm, 1 to 50; 5 unless told, shipped: 4");
  command.add_option("--columns", columns,
                     "Columns of every beam, odd, or 0 for as many as cover the targets; 0 unless told, shipped: 39");
  auto* window = command.add_option("--window-mm", window_mm,
                                    "Plan the slices within so many mm of the isocentre slice, with one row of "
                                    "beamlets; 15 unless told, shipped: 0, that slice alone");
  auto* row_height = command.add_option("--row-height-mm", row_height_mm,
                                        "Height of that one row, mm; both sides of the window and 10 mm more unless "
                                        "told, shipped: 20");
  command.add_flag("--full", is_full, "Plan the whole target in three dimensions")
      ->excludes(window)
      ->excludes(row_height);
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
  PlanOptions options = PlanOptions::of(fidelity_kind());
  if (is_full && fidelity_kind() == Fidelity::kShipped)
    throw InputError("--full: shipped dH has one row of beamlets; leave it out, or take --fidelity exact");
  options.beams = read_beam_choice(beams);
  if (beamlet_mm) options.beamlet_mm = *beamlet_mm;
  if (columns) options.columns = *columns;
  if (window_mm) options.window_mm = *window_mm;
  if (row_height_mm) options.row_height_mm = *row_height_mm;
  if (is_full) options.window_mm.reset();
  if (!prescription_file.empty()) options.prescription = Prescription::read(prescription_file);
  options.memory_limit_gb = memory_limit_gb;
  options.threads = threads;
  return options;
}

}  // namespace rtmodel::cli
