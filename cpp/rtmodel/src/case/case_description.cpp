#include "case/case_description.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

namespace rtmodel {
namespace {

using Json = nlohmann::json;

constexpr int kMaskBits = 16;

/// Reads fields and says with their JSON path what is wrong with them.
class Fields {
 public:
  Fields(const Json& object, std::string path, Findings& findings)
      : object_(object), path_(std::move(path)), findings_(findings) {}

  std::string where(const std::string& key) const { return path_ + (path_.back() == ' ' ? "" : ".") + key; }
  bool has(const std::string& key) const { return object_.contains(key) && !object_[key].is_null(); }

  std::string text(const std::string& key, bool is_needed) {
    if (!has(key)) {
      if (is_needed) findings_.error(where(key), "is missing", "give a text");
      return "";
    }
    if (object_[key].is_string() && !(is_needed && object_[key].get<std::string>().empty())) return object_[key];
    findings_.error(where(key), "is not a text, or empty", "give a text");
    return "";
  }

  std::optional<double> number(const std::string& key, double above, double up_to) {
    if (!has(key)) return std::nullopt;
    if (object_[key].is_number()) {
      const double value = object_[key];
      if (value > above && value <= up_to) return value;
    }
    findings_.error(where(key), "is " + object_[key].dump(),
                    "give a number above " + Json(above).dump() + " and up to " + Json(up_to).dump());
    return std::nullopt;
  }

  template <typename Number>
  bool triple(const std::string& key, std::array<Number, 3>& out, bool must_be_positive) {
    const bool is_triple = has(key) && object_[key].is_array() && object_[key].size() == 3;
    bool is_good = is_triple;
    for (std::size_t i = 0; is_good && i < 3; ++i) {
      const Json& item = object_[key][i];
      is_good = item.is_number() && (!std::is_integral_v<Number> || item.is_number_integer()) &&
                std::fabs(item.get<double>()) < 1e5 && (!must_be_positive || item.get<double>() > 0.0);
      if (is_good) out[i] = item.get<Number>();
    }
    if (!is_good) {
      findings_.error(where(key), has(key) ? "is " + object_[key].dump() : "is missing",
                      must_be_positive ? "give three positive numbers, x, y, z" : "give three numbers, x, y, z");
    }
    return is_good;
  }

 private:
  const Json& object_;
  std::string path_;
  Findings& findings_;
};

const Json& object_at(const Json& root, const char* key) {
  static const Json kEmpty = Json::object();
  return root.contains(key) && root[key].is_object() ? root[key] : kEmpty;
}

CaseStructure read_structure(const Json& json, const std::string& path, Findings& findings) {
  Fields fields(json, path, findings);
  CaseStructure structure;
  structure.name = fields.text("name", true);
  structure.tg263_name = fields.text("tg263_name", false);
  const std::string role = fields.text("role", true);
  if (role == "target") {
    structure.role = CaseRole::kTarget;
  } else if (role == "body") {
    structure.role = CaseRole::kBody;
  } else if (role != "oar" && !role.empty()) {
    findings.error(fields.where("role"), "is \"" + role + "\"", "give target, oar or body");
  }
  if (fields.has("bit") && json["bit"].is_number_integer() && json["bit"] >= 0 && json["bit"] < kMaskBits) {
    structure.bit = json["bit"];
  } else {
    findings.error(fields.where("bit"), fields.has("bit") ? "is " + json["bit"].dump() : "is missing",
                   "give the structure's bit in the mask volume, 0 to 15");
    structure.bit = -1;
  }
  structure.prescribed_dose_gy = fields.number("prescription_gy", 0.0, 200.0);
  if (structure.role == CaseRole::kTarget && !fields.has("prescription_gy")) {
    findings.error(fields.where("prescription_gy"), "is missing for the target " + structure.name,
                   "give its dose in Gy");
  }
  return structure;
}

void read_structures(const Json& root, Case& value, Findings& findings) {
  if (!root.contains("structures") || !root["structures"].is_array() || root["structures"].empty()) {
    findings.error("case.json structures", "is missing or empty", "list the structures of the mask volume");
    return;
  }
  std::set<std::string> names;
  std::set<int> bits;
  for (std::size_t i = 0; i < root["structures"].size(); ++i) {
    const std::string path = "case.json structures[" + std::to_string(i) + "]";
    if (!root["structures"][i].is_object()) {
      findings.error(path, "is not an object", "give name, role and bit");
      continue;
    }
    auto structure = read_structure(root["structures"][i], path, findings);
    if (!structure.name.empty() && !names.insert(structure.name).second)
      findings.error(path + ".name", "\"" + structure.name + "\" is used twice", "give every structure its own name");
    if (structure.bit >= 0 && !bits.insert(structure.bit).second)
      findings.error(path + ".bit", std::to_string(structure.bit) + " is used twice",
                     "give every structure its own bit");
    value.structures.push_back(std::move(structure));
  }
  const auto count = [&value](CaseRole role) {
    return std::count_if(value.structures.begin(), value.structures.end(), [role](auto& s) { return s.role == role; });
  };
  if (count(CaseRole::kTarget) == 0)
    findings.error("case.json structures", "has no target", "give one structure the role target and a prescription_gy");
  if (count(CaseRole::kBody) != 1)
    findings.error("case.json structures", "has " + std::to_string(count(CaseRole::kBody)) + " bodies",
                   "give exactly one structure the role body");
}

/// Flags come from the maker of the case; one of them names a contour not to be used.
void read_quality(const Json& root, Case& value, Findings& findings) {
  const Json& quality = object_at(root, "quality");
  if (quality.contains("flags") && quality["flags"].is_array())
    for (const auto& flag : quality["flags"])
      if (flag.is_string()) value.quality_flags.push_back(flag);
  if (quality.contains("plannable") && quality["plannable"].is_boolean()) value.is_plannable = quality["plannable"];
  if (!value.is_plannable)
    findings.warn("case.json quality.plannable", "is false", "leave the case out of training and evaluation");
  for (const auto& flag : value.quality_flags) {
    if (flag != "spinal_cord_contour_implausible") continue;
    for (auto& structure : value.structures) {
      if (structure.name != "SpinalCord" && structure.tg263_name != "SpinalCord") continue;
      structure.is_implausible = true;
      findings.warn("case.json quality.flags", "call the contour of " + structure.name + " implausible",
                    "it is not planned on");
    }
  }
}

}  // namespace

const char* name_of(CaseRole role) {
  switch (role) {
    case CaseRole::kTarget:
      return "target";
    case CaseRole::kOrgan:
      return "oar";
    case CaseRole::kBody:
      return "body";
  }
  return "unknown";
}

std::optional<CaseDescription> read_description(const std::filesystem::path& file, Findings& findings) {
  std::ifstream stream(file);
  if (!stream) {
    findings.error("case.json", "is missing or can't be read", "give the folder of a case; see docs/case-format.md");
    return std::nullopt;
  }
  Json root;
  try {
    root = Json::parse(stream);
  } catch (const Json::parse_error& fault) {
    findings.error("case.json", std::string("is not JSON: ") + fault.what(), "correct the text there");
    return std::nullopt;
  }
  if (!root.is_object()) {
    findings.error("case.json", "is not an object", "see docs/case-format.md");
    return std::nullopt;
  }
  CaseDescription description;
  Case& value = description.value;
  value.id = Fields(root, "case.json ", findings).text("id", true);
  Fields grid(object_at(root, "grid"), "case.json grid", findings);
  grid.triple("size", value.grid.size, true);
  grid.triple("spacing_mm", value.grid.spacing_mm, true);
  grid.triple("origin_mm", value.grid.origin_mm, false);
  Fields(root, "case.json ", findings).triple("isocenter_mm", value.isocenter_mm, false);
  Fields ct(object_at(root, "ct"), "case.json ct", findings);
  if (ct.has("file")) description.ct_file = ct.text("file", true);
  if (ct.has("unit") && ct.text("unit", true) != "HU")
    findings.error("case.json ct.unit", "is not HU", "convert to HU");
  read_structures(root, value, findings);
  read_quality(root, value, findings);
  return description;
}

std::string describe(const Case& value) {
  Json structures = Json::array();
  for (const auto& structure : value.structures) {
    const auto voxels = std::count_if(value.masks.begin(), value.masks.end(),
                                      [&](std::uint16_t mask) { return mask >> structure.bit & 1; });
    Json json{{"name", structure.name}, {"tg263_name", structure.tg263_name},
              {"bit", structure.bit},   {"role", name_of(structure.role)},
              {"voxels", voxels},       {"volume_cc", voxels * value.grid.voxel_volume_cc()}};
    if (structure.prescribed_dose_gy) json["prescription_gy"] = *structure.prescribed_dose_gy;
    structures.push_back(std::move(json));
  }
  const Json root{
      {"id", value.id},
      {"frame", "DICOM LPS mm (x left, y posterior, z superior)"},
      {"grid", {{"size", value.grid.size}, {"spacing_mm", value.grid.spacing_mm}, {"origin_mm", value.grid.origin_mm}}},
      {"ct", {{"file", "ct.nii.gz"}, {"unit", "HU"}, {"air", -1000}}},
      {"structures", std::move(structures)},
      {"isocenter_mm", value.isocenter_mm},
      {"quality", {{"plannable", value.is_plannable}, {"flags", value.quality_flags}}}};
  return root.dump(1) + "\n";
}

}  // namespace rtmodel
