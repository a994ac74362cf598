#include "plot/result_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "case/finding.h"
#include "files/input_file.h"
#include "files/text.h"

namespace rtmodel {

nlohmann::json read_result(const std::filesystem::path& file) {
  const std::string text = read_text_file(file, "give the file that `rtmodel optimize --out` wrote", kMostResultBytes);
  nlohmann::json result;
  try {
    result = nlohmann::json::parse(text);
  } catch (const nlohmann::json::exception& fault) {
    throw InputError(quotable(file.string()) + ": is not JSON: " + quotable(fault.what()));
  }
  const nlohmann::json known{{"format", "rtmodel-result"}, {"version", 1}};
  const bool is_known =
      result.is_object() && std::all_of(known.items().begin(), known.items().end(), [&](const auto& item) {
        return result.contains(item.key()) && result[item.key()] == item.value();
      });
  if (!is_known)
    throw InputError(quotable(file.string()) +
                     ": is not a result of this program; give what `rtmodel optimize --out` wrote");
  return result;
}

std::vector<double> final_weights_of(const std::filesystem::path& file) {
  const auto result = read_result(file);
  try {
    return result.at("final_weights").get<std::vector<double>>();
  } catch (const nlohmann::json::exception&) {
    throw InputError(quotable(file.string()) + ": has no final_weights; write the result again");
  }
}

}  // namespace rtmodel
