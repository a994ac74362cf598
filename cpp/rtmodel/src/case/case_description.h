#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "case/case.h"
#include "case/finding.h"

namespace rtmodel {

/// `case.json` as a value: everything of a case but its volumes.
struct CaseDescription {
  Case value;
  std::string ct_file = "ct.nii.gz";
  std::string masks_file = "structures.nii.gz";
  /// By structure: how many voxels `case.json` says it has, where it says so. Compared with the mask.
  std::vector<std::optional<double>> stated_voxels;
};

/// Reads and checks `case.json`; all faults go to `findings`. Empty when the file could not be understood at all.
std::optional<CaseDescription> read_description(const std::filesystem::path& file, Findings& findings);

/// The text of a `case.json` for `value`, as `read_description` reads it.
std::string describe(const Case& value);

/// `target`, `oar` or `body`.
const char* name_of(CaseRole role);

}  // namespace rtmodel
