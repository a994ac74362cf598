#include "prescription/prescription.h"

#include <algorithm>
#include <cctype>

#include "files/input_file.h"
#include "files/text.h"

namespace rtmodel {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

namespace {

bool names_organ(const NamedGoal& entry, const CaseStructure& structure) {
  const std::string name = lower_case(structure.name), tg263_name = lower_case(structure.tg263_name);
  return std::any_of(entry.names.begin(), entry.names.end(), [&](const std::string& listed) {
    const std::string folded = lower_case(listed);
    return folded == name || (!tg263_name.empty() && folded == tg263_name);
  });
}

}  // namespace

Prescription Prescription::standard() { return parse(default_prescription_yaml(), "default prescription"); }

Prescription Prescription::shipped() { return parse(shipped_prescription_yaml(), "shipped prescription"); }

Prescription Prescription::read(const std::filesystem::path& file) {
  Prescription prescription = parse(read_text_file(file, "give a prescription in YAML"), quotable(file.string()));
  prescription.source = quotable(file.string());
  return prescription;
}

Goal Prescription::for_target(double prescribed_dose_gy) const {
  return {{{target_lower * prescribed_dose_gy, 1.0}, {target_upper * prescribed_dose_gy, 0.0}}, target_weight};
}

std::optional<Goal> Prescription::for_organ(const CaseStructure& organ, bool* is_listed) const {
  const auto found =
      std::find_if(organs.begin(), organs.end(), [&](const NamedGoal& entry) { return names_organ(entry, organ); });
  if (is_listed != nullptr) *is_listed = found != organs.end();
  return found != organs.end() ? std::optional<Goal>(found->goal) : other_organs;
}

std::vector<std::string> Prescription::contradictions(const Case& value) const {
  std::vector<std::string> sentences;
  // The built-in goals are for every case; nobody expects each to be used.
  if (source.empty()) return sentences;
  const auto is_of = [](CaseRole role) {
    return [role](const CaseStructure& structure) { return structure.role == role; };
  };
  for (const auto& entry : organs) {
    const std::string goal = source + ": the goal of " + entry.names.front();
    const CaseStructure* used_by = nullptr;
    for (const auto& structure : value.structures)
      if (names_organ(entry, structure) && (used_by == nullptr || is_of(CaseRole::kOrgan)(structure)))
        used_by = &structure;
    if (used_by == nullptr) {
      sentences.push_back(goal + " is used by no structure of the case; check the name");
    } else if (!is_of(CaseRole::kOrgan)(*used_by)) {
      sentences.push_back(goal + " is not used: " + used_by->name + " is no organ; targets have goals of their own");
    }
  }
  for (const auto& structure : value.structures) {
    if (structure.role != CaseRole::kOrgan) continue;
    const auto count = std::count_if(organs.begin(), organs.end(),
                                     [&](const NamedGoal& entry) { return names_organ(entry, structure); });
    if (count > 1)
      sentences.push_back(source + ": " + structure.name + " has " + std::to_string(count) +
                          " goals, by its name and its TG-263 name; the first is taken");
  }
  return sentences;
}

}  // namespace rtmodel
