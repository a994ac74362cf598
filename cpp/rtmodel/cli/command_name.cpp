#include "command_name.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "files/text.h"

namespace rtmodel::cli {
namespace {

/// Letters to change, add or take away between two words (Levenshtein).
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t before = row[0]++;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = before + (a[i - 1] == b[j - 1] ? 0 : 1);
      before = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string fault_of_command(const CLI::App& app, int argc, const char* const* argv) {
  if (argc < 2 || argv[1][0] == '-' || argv[1][0] == '\0') return "";
  const std::string given = std::string(argv[1]).substr(0, 64);
  std::string known, nearest;
  std::size_t least = 3;  // further apart than two letters it is another word
  for (const CLI::App* command : app.get_subcommands({})) {
    const std::string name = command->get_name();
    if (name == given) return "";
    known += (known.empty() ? "" : ", ") + name;
    if (const std::size_t apart = distance(given, name); apart < least) {
      least = apart;
      nearest = name;
    }
  }
  return "there is no command \"" + quotable(given) + "\"" +
         (nearest.empty() ? "" : "; did you mean " + nearest + "?") +
         (nearest.empty() ? "; give one of " : " Commands: ") + known;
}

}  // namespace rtmodel::cli
