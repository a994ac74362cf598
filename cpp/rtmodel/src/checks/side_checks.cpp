#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "checks/checks.h"

namespace rtmodel {
namespace {

/// A name without its side, and the side: `Parotid_L`, `LeftParotid`, `parotid left`.
struct Sided {
  std::string rest;
  bool is_left = false;
};

std::optional<Sided> sided(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  for (auto& letter : name)
    if (letter == ' ' || letter == '-') letter = '_';
  const std::array<std::pair<const char*, bool>, 4> endings{
      {{"_l", true}, {"_r", false}, {"_left", true}, {"_right", false}}};
  for (const auto& [ending, is_left] : endings) {
    const std::string end = ending;
    if (name.size() > end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0)
      return Sided{name.substr(0, name.size() - end.size()), is_left};
  }
  for (const auto& [start, is_left] : {std::pair<std::string, bool>{"left", true}, {"right", false}}) {
    if (name.size() <= start.size() || name.compare(0, start.size(), start) != 0) continue;
    const std::string rest = name.substr(start.size());
    return Sided{rest.front() == '_' ? rest.substr(1) : rest, is_left};
  }
  return std::nullopt;
}

std::optional<double> center_x_mm(const Case& value, const CaseStructure& structure) {
  double sum = 0.0, count = 0.0;
  for (std::size_t i = 0; i < value.masks.size(); ++i) {
    if (!value.is_in(structure, i)) continue;
    sum += value.grid.center_mm(static_cast<int>(i))[0];
    count += 1.0;
  }
  return count > 0.0 ? std::optional<double>(sum / count) : std::nullopt;
}

}  // namespace

void check_sides(const Case& value, const std::string& masks_file, Findings& findings) {
  std::map<std::string, std::array<const CaseStructure*, 2>> pairs;
  for (const auto& structure : value.structures) {
    const auto of = sided(structure.name);
    if (of && structure.bit >= 0) pairs[of->rest][of->is_left ? 0 : 1] = &structure;
  }
  for (const auto& [rest, pair] : pairs) {
    const auto [left, right] = pair;
    if (left == nullptr || right == nullptr) continue;
    const auto left_mm = center_x_mm(value, *left), right_mm = center_x_mm(value, *right);
    if (!left_mm || !right_mm || *left_mm >= *right_mm) continue;
    findings.warn(masks_file, left->name + " lies to the right of " + right->name,
                  "x grows to the patient's left; check that the masks are not mirrored and the names not swapped");
  }
}

}  // namespace rtmodel
