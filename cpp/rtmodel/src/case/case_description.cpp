#include "case/case_description.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "case/json_fields.h"
#include "files/input_file.h"

namespace rtmodel {
namespace {

using Json = nlohmann::json;

constexpr double kLowestSpacingMm = 0.1, kHighestSpacingMm = 50.0, kFarthestMm = 1e5;
constexpr double kHighestDoseGy = 200.0;
constexpr double kMostVoxelsOfAnAxis = 32767;

CaseStructure read_structure(const Json& json, const std::string& path, Findings& findings) {
  JsonFields fields(json, path, findings);
  CaseStructure structure;
  structure.name = fields.name("name", true);
  structure.tg263_name = fields.name("tg263_name", false);
  const std::string role = fields.name("role", true);
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
    findings.error(fields.where("bit"), fields.has("bit") ? "is " + fields.shown("bit") : "is missing",
                   "give the structure's bit in the mask volume, 0 to 63");
    structure.bit = -1;
  }
  structure.prescribed_dose_gy = fields.number("prescription_gy", 0.0, kHighestDoseGy, "Gy");
  if (structure.role == CaseRole::kTarget && !fields.has("prescription_gy")) {
    findings.error(fields.where("prescription_gy"), "is missing for the target " + structure.name,
                   "give its dose in Gy");
  } else if (structure.role != CaseRole::kTarget && structure.prescribed_dose_gy) {
    findings.warn(fields.where("prescription_gy"), "is given for " + structure.name + ", which is no target",
                  "it is ignored");
  }
  return structure;
}

void read_structures(const Json& root, CaseDescription& description, Findings& findings) {
  if (!root.contains("structures") || !root["structures"].is_array() || root["structures"].empty()) {
    findings.error("case.json structures", "is missing or empty", "list the structures of the mask volume");
    return;
  }
  if (root["structures"].size() > kMaskBits) {
    findings.error("case.json structures", "lists " + std::to_string(root["structures"].size()) + " structures",
                   "keep 64 at most, the bits of a mask");
    return;
  }
  Case& value = description.value;
  std::set<std::string> names;
  std::set<int> bits;
  for (std::size_t i = 0; i < root["structures"].size(); ++i) {
    const std::string path = "case.json structures[" + std::to_string(i) + "]";
    const Json& json = root["structures"][i];
    if (!json.is_object()) {
      findings.error(path, "is not an object", "give name, role and bit");
      continue;
    }
    auto structure = read_structure(json, path, findings);
    if (!structure.name.empty() && !names.insert(structure.name).second)
      findings.error(path + ".name", "\"" + structure.name + "\" is used twice", "give every structure its own name");
    if (structure.bit >= 0 && !bits.insert(structure.bit).second)
      findings.error(path + ".bit", std::to_string(structure.bit) + " is used twice",
                     "give every structure its own bit");
    value.structures.push_back(std::move(structure));
    const bool is_stated = json.contains("voxels") && json["voxels"].is_number();
    description.stated_voxels.push_back(is_stated ? std::optional<double>(json["voxels"]) : std::nullopt);
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
  const Json& quality = object_at(root, "quality", "case.json", findings);
  if (quality.contains("flags") && !quality["flags"].is_null()) {
    const bool is_list = quality["flags"].is_array() && std::all_of(quality["flags"].begin(), quality["flags"].end(),
                                                                    [](const Json& flag) { return flag.is_string(); });
    if (is_list) {
      value.quality_flags = quality["flags"].get<std::vector<std::string>>();
    } else {
      findings.error("case.json quality.flags", "is not a list of texts", "give texts, such as [\"ct_incomplete\"]");
    }
  }
  value.is_plannable = JsonFields(quality, "case.json quality", findings).flag("plannable").value_or(true);
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

void read_grid(const Json& root, Case& value, Findings& findings) {
  JsonFields grid(object_at(root, "grid", "case.json", findings), "case.json grid", findings);
  const bool has_size =
      grid.triple("size", value.grid.size, 1, kMostVoxelsOfAnAxis, "give three positive numbers of voxels, x, y, z");
  grid.triple("spacing_mm", value.grid.spacing_mm, kLowestSpacingMm, kHighestSpacingMm,
              "give three positive numbers, x, y, z, in mm, between 0.1 and 50");
  grid.triple("origin_mm", value.grid.origin_mm, -kFarthestMm, kFarthestMm, "give three numbers, x, y, z, in mm");
  if (has_size && value.grid.voxel_count() > kMostVoxels) {
    findings.error("case.json grid.size", "makes " + std::to_string(value.grid.voxel_count()) + " voxels",
                   "crop or resample to " + std::to_string(kMostVoxels) + " at most");
    value.grid.size = {};
  }
}

/// The name of the volume; must lie in the case's folder, since a case may come from anybody.
void read_ct(const Json& root, CaseDescription& description, Findings& findings) {
  const Json& json = object_at(root, "ct", "case.json", findings);
  JsonFields ct(json, "case.json ct", findings);
  if (ct.has("file")) {
    const std::filesystem::path file(ct.name("file", true));
    const bool leaves = file.is_absolute() || std::find(file.begin(), file.end(), "..") != file.end();
    if (leaves) {
      findings.error("case.json ct.file", "is \"" + quotable(file.string()) + "\", which leaves the case's folder",
                     "put the file into the folder and give its name");
    } else if (!file.empty()) {
      description.ct_file = file.string();
    }
  }
  if (ct.has("unit") && ct.name("unit", true) != "HU")
    findings.error("case.json ct.unit", "is not HU", "convert to HU");
  if (ct.has("air") && !(json["air"].is_number() && json["air"] == -1000))
    findings.warn("case.json ct.air", "is " + ct.shown("air"), "it is ignored: air must be -1000 HU in the volume");
}

}  // namespace

std::optional<CaseDescription> read_description(const std::filesystem::path& file, Findings& findings) {
  FileFault fault;
  const std::string text = read_text_file(file, fault);
  if (!fault.is_none()) {
    const bool is_missing = fault.what == "is missing";
    findings.error("case.json", fault.what,
                   is_missing ? "give the folder of a case; see docs/case-format.md" : fault.fix);
    return std::nullopt;
  }
  const auto root = parse_object(text, "case.json", findings);
  if (!root) return std::nullopt;
  CaseDescription description;
  Case& value = description.value;
  JsonFields fields(*root, "case.json ", findings);
  value.id = fields.name("id", true);
  if (fields.has("frame") && fields.name("frame", false).find("LPS") == std::string::npos)
    findings.warn("case.json frame", "is " + fields.shown("frame"), "all lengths are taken as DICOM LPS, mm");
  read_grid(*root, value, findings);
  fields.triple("isocenter_mm", value.isocenter_mm, -kFarthestMm, kFarthestMm, "give three numbers, x, y, z, in mm");
  read_ct(*root, description, findings);
  read_structures(*root, description, findings);
  read_quality(*root, value, findings);
  return description;
}

}  // namespace rtmodel
