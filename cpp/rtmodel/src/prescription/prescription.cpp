#include "prescription/prescription.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

#include "case/finding.h"

namespace rtmodel {
namespace {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

}  // namespace

Prescription Prescription::standard() { return parse(default_prescription_yaml(), "default prescription"); }

Prescription Prescription::read(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  if (!stream || !(text << stream.rdbuf()))
    throw InputError(file.string() + ": can't be read; give a prescription in YAML");
  return parse(text.str(), file.string());
}

Goal Prescription::for_target(double prescribed_dose_gy) const {
  return {{{target_lower * prescribed_dose_gy, 1.0}, {target_upper * prescribed_dose_gy, 0.0}}, target_weight};
}

std::optional<Goal> Prescription::for_organ(const CaseStructure& organ, bool* is_listed) const {
  const std::string name = lower_case(organ.name);
  const std::string tg263_name = lower_case(organ.tg263_name);
  for (const auto& entry : organs) {
    for (const auto& listed : entry.names) {
      if (lower_case(listed) != name && (tg263_name.empty() || lower_case(listed) != tg263_name)) continue;
      if (is_listed != nullptr) *is_listed = true;
      return entry.goal;
    }
  }
  if (is_listed != nullptr) *is_listed = false;
  return other_organs;
}

}  // namespace rtmodel
