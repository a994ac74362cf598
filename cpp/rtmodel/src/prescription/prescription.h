#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "case/case.h"
#include "dh_advisor/plan.h"

namespace rtmodel {

/// What one structure is asked for.
struct Goal {
  /// The wanted cumulative dose-volume curve: doses ascending, fractions falling from 1 to 0.
  std::vector<dh_advisor::DoseVolumePoint> points;
  double weight = 0.0;  ///< Share in the objective, above 0.
};

/// A goal for structures of given names.
struct NamedGoal {
  std::vector<std::string> names;  ///< Case or TG-263 names, capitals ignored.
  Goal goal;
};

/// The goals of a plan, as read from YAML; data/default-prescription.yaml explains the form.
class Prescription {
 public:
  /// The one built into the program.
  static Prescription standard();
  /// dH's own goals, built in, too: data/shipped-prescription.yaml says where they are from.
  static Prescription shipped();
  /// Throws InputError with file and line.
  static Prescription read(const std::filesystem::path& file);
  static Prescription parse(const std::string& yaml, const std::string& source_name);

  /// Uniform dose between `target_lower` and `target_upper` times the prescribed dose.
  Goal for_target(double prescribed_dose_gy) const;
  /// Empty when the prescription leaves the organ out. `is_listed` (may be null) tells whether it was found by name.
  std::optional<Goal> for_organ(const CaseStructure& organ, bool* is_listed = nullptr) const;

  /// What does not fit between these goals and a case, a sentence each: goals that no structure uses, structures with
  /// several. Empty for the built-in prescription.
  std::vector<std::string> contradictions(const Case& value) const;

  /// The file it was read from; empty for the built-in one.
  std::string source;
  double target_lower = 1.0;
  double target_upper = 1.03;
  double target_weight = 30.0;
  std::vector<NamedGoal> organs;
  std::optional<Goal> other_organs;
  std::optional<Goal> normal_tissue;
  double shell_mm = 30.0;  ///< Normal tissue is planned this far around targets.
};

/// Capitals ignored, ASCII only. Thread-safe.
std::string lower_case(std::string text);

/// The YAML texts built in at build time.
const char* default_prescription_yaml();
const char* shipped_prescription_yaml();

}  // namespace rtmodel
