#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <set>

#include "case/finding.h"
#include "files/text.h"
#include "prescription/prescription.h"

namespace rtmodel {
namespace {

constexpr double kHighestDoseGy = 200.0;
constexpr double kHighestWeight = 1e6;
/// No curve and no list of organs is longer; a plan must not wait for one that is.
constexpr std::size_t kMostPoints = 1000, kMostOrgans = 1000, kMostNames = 100;

/// Reads YAML nodes and throws with source and line where one is not as it must be.
class Reader {
 public:
  explicit Reader(std::string source_name) : source_name_(std::move(source_name)) {}

  [[noreturn]] void fail(const YAML::Mark& mark, const std::string& what) const {
    throw InputError(source_name_ + ":" + std::to_string(std::max(0, mark.line) + 1) + ": " + what);
  }

  std::string name(const YAML::Node& node, const std::string& what) const {
    const auto text = node.IsScalar() ? node.as<std::string>("") : std::string();
    const std::string fault = text.empty() ? "is not a text, or empty" : fault_of_name(text);
    if (!fault.empty()) fail(node.Mark(), what + " \"" + quotable(text) + "\" " + fault);
    return text;
  }

  void check_keys(const YAML::Node& map, const std::string& what, std::initializer_list<const char*> keys) const {
    if (!map.IsMap()) fail(map.Mark(), what + " is not a map of keys and values");
    std::set<std::string> seen;
    std::string known;
    for (const char* key : keys) known += (known.empty() ? "" : ", ") + std::string(key);
    for (const auto& field : map) {
      const auto key = field.first.as<std::string>("");
      bool is_known = false;
      for (const char* name : keys) is_known = is_known || key == name;
      if (!is_known)
        fail(field.first.Mark(), what + " has the unknown key \"" + quotable(key) + "\"; it may have " + known);
      if (!seen.insert(key).second) fail(field.first.Mark(), what + " has the key \"" + key + "\" twice");
    }
  }

  double number(const YAML::Node& node, const std::string& what, double lowest, double highest) const {
    double value = 0.0;
    const bool is_number = node.IsScalar() && YAML::convert<double>::decode(node, value);
    if (!is_number || !(value >= lowest && value <= highest))
      fail(node.Mark(), what + " is not a number in [" + text(lowest) + ", " + text(highest) + "]");
    return value;
  }

  double number_at(const YAML::Node& map, const char* key, double otherwise, double lowest, double highest) const {
    return map[key] ? number(map[key], key, lowest, highest) : otherwise;
  }

  Goal goal(const YAML::Node& map, const std::string& what) const {
    Goal goal;
    if (!map["weight"]) fail(map.Mark(), what + " has no weight");
    goal.weight = number(map["weight"], what + ".weight", 1e-6, kHighestWeight);
    const YAML::Node interval = map["interval_gy"];
    const YAML::Node points = map["points"];
    if (bool(interval) == bool(points)) fail(map.Mark(), what + " needs either interval_gy or points");
    if (interval) {
      if (!interval.IsSequence() || interval.size() != 2)
        fail(interval.Mark(), what + ".interval_gy is not [low, high] in Gy");
      goal.points = {{number(interval[0], what + ".interval_gy", 0.0, kHighestDoseGy), 1.0},
                     {number(interval[1], what + ".interval_gy", 0.0, kHighestDoseGy), 0.0}};
    } else {
      read_points(points, what, goal);
    }
    for (std::size_t i = 1; i < goal.points.size(); ++i) {
      if (goal.points[i].dose_gy <= goal.points[i - 1].dose_gy)
        fail(map.Mark(), what + ": doses must rise from point to point");
    }
    return goal;
  }

 private:
  void read_points(const YAML::Node& points, const std::string& what, Goal& goal) const {
    if (!points.IsSequence() || points.size() < 2)
      fail(points.Mark(), what + ".points is not a list of two or more [dose_gy, volume_fraction]");
    if (points.size() > kMostPoints)
      fail(points.Mark(), what + ".points has " + std::to_string(points.size()) + " points; give 1000 at most");
    for (const auto& point : points) {
      if (!point.IsSequence() || point.size() != 2)
        fail(point.Mark(), what + ": a point is [dose_gy, volume_fraction]");
      goal.points.push_back({number(point[0], what + " dose", 0.0, kHighestDoseGy),
                             number(point[1], what + " volume fraction", 0.0, 1.0)});
      const std::size_t last = goal.points.size() - 1;
      if (last > 0 && goal.points[last].volume_fraction > goal.points[last - 1].volume_fraction)
        fail(point.Mark(), what + ": volume fractions must not rise from point to point");
    }
    if (goal.points.front().volume_fraction != 1.0 || goal.points.back().volume_fraction != 0.0)
      fail(points.Mark(), what + ": the first point's volume fraction must be 1, the last one's 0");
  }

  static std::string text(double value) {
    std::string result = std::to_string(value);
    result.erase(result.find_last_not_of('0') + 1);
    if (result.back() == '.') result.pop_back();
    return result;
  }

  std::string source_name_;
};

void read_organs(const Reader& reader, const YAML::Node& organs, Prescription& prescription) {
  if (!organs.IsSequence()) reader.fail(organs.Mark(), "organs is not a list");
  if (organs.size() > kMostOrgans)
    reader.fail(organs.Mark(), "organs has " + std::to_string(organs.size()) + " entries; give 1000 at most");
  std::map<std::string, int> lines;  // where each name stood first, capitals ignored
  for (const auto& entry : organs) {
    reader.check_keys(entry, "organ", {"names", "interval_gy", "points", "weight"});
    const YAML::Node names = entry["names"];
    if (!names || !names.IsSequence() || names.size() == 0) reader.fail(entry.Mark(), "the organ has no list of names");
    NamedGoal named;
    if (names.size() > kMostNames) reader.fail(names.Mark(), "the organ has more than 100 names");
    for (const auto& node : names) {
      named.names.push_back(reader.name(node, "the name"));
      const auto [first, is_new] = lines.emplace(lower_case(named.names.back()), node.Mark().line + 1);
      if (!is_new)
        reader.fail(node.Mark(), "\"" + named.names.back() + "\" has a goal in line " + std::to_string(first->second) +
                                     " already (capitals are ignored); keep one");
    }
    named.goal = reader.goal(entry, named.names.front());
    prescription.organs.push_back(std::move(named));
  }
}

Prescription read_root(const Reader& reader, const YAML::Node& root) {
  reader.check_keys(root, "the prescription", {"version", "targets", "organs", "other_organs", "normal_tissue"});
  if (!root["version"] || root["version"].as<int>(0) != 1)
    reader.fail(root["version"] ? root["version"].Mark() : root.Mark(), "version is not 1; write `version: 1`");
  Prescription prescription;
  if (const YAML::Node targets = root["targets"]) {
    reader.check_keys(targets, "targets", {"lower", "upper", "weight"});
    prescription.target_lower = reader.number_at(targets, "lower", prescription.target_lower, 0.5, 2.0);
    prescription.target_upper = reader.number_at(targets, "upper", prescription.target_upper, 0.5, 2.0);
    prescription.target_weight = reader.number_at(targets, "weight", prescription.target_weight, 1e-6, kHighestWeight);
    if (prescription.target_upper <= prescription.target_lower)
      reader.fail(targets.Mark(), "targets: upper must be above lower");
  }
  if (root["organs"]) read_organs(reader, root["organs"], prescription);
  if (const YAML::Node other = root["other_organs"]) {
    reader.check_keys(other, "other_organs", {"interval_gy", "points", "weight"});
    prescription.other_organs = reader.goal(other, "other_organs");
  }
  if (const YAML::Node normal = root["normal_tissue"]) {
    reader.check_keys(normal, "normal_tissue", {"interval_gy", "points", "weight", "shell_mm"});
    prescription.normal_tissue = reader.goal(normal, "normal_tissue");
    prescription.shell_mm = reader.number_at(normal, "shell_mm", prescription.shell_mm, 5.0, 200.0);
  }
  return prescription;
}

}  // namespace

Prescription Prescription::parse(const std::string& yaml, const std::string& source_name) {
  const Reader reader(source_name);
  try {
    return read_root(reader, YAML::Load(yaml));
  } catch (const YAML::Exception& fault) {
    reader.fail(fault.mark, fault.msg);
  }
}

}  // namespace rtmodel
