#include "collect_cases.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "case/finding.h"

namespace rtmodel::cli {
namespace {

namespace fs = std::filesystem;

bool is_plannable(const fs::path& description) {
  std::ifstream stream(description);
  const auto root = nlohmann::json::parse(stream, nullptr, /*allow_exceptions=*/false);
  if (!root.is_object()) return true;
  const auto flag = root.value(nlohmann::json::json_pointer("/quality/plannable"), nlohmann::json(true));
  return !flag.is_boolean() || flag.get<bool>();
}

}  // namespace

std::vector<CollectCase> find_cases(const fs::path& root) {
  if (!fs::is_directory(root)) throw InputError(root.string() + ": is no folder; name the one that holds the cases");
  std::vector<CollectCase> cases;
  for (auto entry = fs::recursive_directory_iterator(root, fs::directory_options::follow_directory_symlink);
       entry != fs::recursive_directory_iterator(); ++entry) {
    if (!entry->is_directory() || !fs::exists(entry->path() / "case.json")) continue;
    entry.disable_recursion_pending();
    // By its words: a link's target may lie anywhere, and results must stay below their own folder.
    cases.push_back({entry->path(), entry->path().lexically_relative(root).generic_string(),
                     is_plannable(entry->path() / "case.json")});
  }
  if (cases.empty()) throw InputError(root.string() + ": holds no folder with a case.json; see docs/case-format.md");
  std::sort(cases.begin(), cases.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return cases;
}

}  // namespace rtmodel::cli
