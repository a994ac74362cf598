#include <iomanip>
#include <iostream>
#include <memory>
#include <optional>

#include "case/case_description.h"
#include "case/read_case.h"
#include "commands.h"
#include "prescription/prescription.h"

namespace rtmodel::cli {
namespace {

void print_summary(const Case& value) {
  const Grid& grid = value.grid;
  std::cout << "case " << value.id << ": " << grid.size[0] << " x " << grid.size[1] << " x " << grid.size[2]
            << " voxels of " << grid.spacing_mm[0] << " x " << grid.spacing_mm[1] << " x " << grid.spacing_mm[2]
            << " mm, isocentre " << value.isocenter_mm[0] << ", " << value.isocenter_mm[1] << ", "
            << value.isocenter_mm[2] << " mm\n";
  for (const auto& structure : value.structures) {
    const auto voxels = static_cast<double>(value.count_voxels(structure));
    std::cout << "  " << std::left << std::setw(16) << structure.name << std::setw(8) << name_of(structure.role)
              << std::right << std::setw(9) << std::fixed << std::setprecision(1) << voxels * grid.voxel_volume_cc()
              << " cc" << std::defaultfloat << std::setprecision(6);
    if (structure.prescribed_dose_gy) std::cout << std::setw(6) << *structure.prescribed_dose_gy << " Gy";
    std::cout << "\n";
  }
}

}  // namespace

void add_check(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("check", "Names everything wrong with a case, or sums it up");
  auto folder = std::make_shared<std::string>();
  auto prescription_file = std::make_shared<std::string>();
  command->add_option("CASE", *folder, "Folder of the case")->required();
  command->add_option("--prescription", *prescription_file, "YAML file of goals to compare with the case");
  command->callback([folder, prescription_file, &exit_code] {
    std::optional<Prescription> prescription;
    if (!prescription_file->empty()) prescription = Prescription::read(*prescription_file);
    const auto reading = read_case(*folder);
    int errors = 0;
    for (const auto& finding : reading.findings.list()) {
      const bool is_error = finding.severity == Finding::Severity::kError;
      errors += is_error ? 1 : 0;
      std::cout << (is_error ? "error: " : "warning: ") << finding.text() << "\n";
    }
    if (errors > 0) {
      std::cout << errors << (errors == 1 ? " error\n" : " errors\n");
      exit_code = kBadInput;
    } else {
      if (prescription)
        for (const auto& sentence : prescription->contradictions(*reading.value))
          std::cout << "warning: " << sentence << "\n";
      print_summary(*reading.value);
    }
  });
}

}  // namespace rtmodel::cli
