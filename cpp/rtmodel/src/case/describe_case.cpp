#include <nlohmann/json.hpp>

#include "case/case_description.h"

namespace rtmodel {

using Json = nlohmann::json;

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

std::string describe(const Case& value) {
  Json structures = Json::array();
  for (const auto& structure : value.structures) {
    const auto voxels = value.count_voxels(structure);
    Json json{{"name", structure.name}, {"tg263_name", structure.tg263_name},
              {"bit", structure.bit},   {"role", name_of(structure.role)},
              {"voxels", voxels},       {"volume_cc", static_cast<double>(voxels) * value.grid.voxel_volume_cc()}};
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
