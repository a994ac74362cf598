#include "collect_cases.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "case/finding.h"
#include "files/input_file.h"
#include "files/text.h"

namespace rtmodel::cli {
namespace {

namespace fs = std::filesystem;

bool is_plannable(const fs::path& description) {
  FileFault fault;
  const auto root = nlohmann::json::parse(read_text_file(description, fault), nullptr, /*allow_exceptions=*/false);
  if (!root.is_object() || !root.contains("quality") || !root["quality"].is_object()) return true;
  return root["quality"].value("plannable", nlohmann::json(true)) != nlohmann::json(false);
}

/// The name is a file's, a plan's key and a patient's key.
std::string name_of(const fs::path& folder, const fs::path& root) {
  std::string name = folder.lexically_relative(root).generic_string();
  const std::string fault = fault_of_name(name);
  if (!fault.empty())
    throw InputError("the folder " + quotable(folder.string()) + " " + fault + " in its name; rename it");
  return name;
}

std::vector<CollectCase> all_below(const fs::path& root) {
  std::vector<CollectCase> cases;
  for (auto entry = fs::recursive_directory_iterator(root, fs::directory_options::follow_directory_symlink);
       entry != fs::recursive_directory_iterator(); ++entry) {
    if (!entry->is_directory() || !fs::exists(entry->path() / "case.json")) continue;
    entry.disable_recursion_pending();
    // By its words: a link's target may lie anywhere, and results must stay below their own folder.
    cases.push_back({entry->path(), name_of(entry->path(), root), is_plannable(entry->path() / "case.json")});
  }
  return cases;
}

}  // namespace

std::vector<CollectCase> find_cases(const fs::path& root) {
  std::error_code fault;
  if (!fs::is_directory(root, fault))
    throw InputError(quotable(root.string()) + ": is no folder; name the one that holds the cases");
  std::vector<CollectCase> cases;
  try {
    cases = all_below(root);
  } catch (const fs::filesystem_error& unreadable) {
    throw InputError(quotable(unreadable.path1().string()) + ": can't be looked into (" + unreadable.code().message() +
                     "); ask for the right to read it, or move it away");
  }
  if (cases.empty())
    throw InputError(quotable(root.string()) + ": holds no folder with a case.json; see docs/case-format.md");
  std::sort(cases.begin(), cases.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return cases;
}

}  // namespace rtmodel::cli
