#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace rtmodel::cli {

/// A case to plan.
struct CollectCase {
  std::filesystem::path folder;
  /// Path below the folder of all cases, such as `train/pt_001`.
  std::string name;
  /// False when `quality.plannable` of its `case.json` says so. A `case.json` that can't be read counts as plannable:
  /// planning it names what is wrong.
  bool is_plannable = true;
};

/// Every folder with a `case.json` below `root`, by name; does not look inside cases. Throws InputError when there is
/// no such folder or no case in it.
std::vector<CollectCase> find_cases(const std::filesystem::path& root);

}  // namespace rtmodel::cli
