#include "plot/result_file.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "case/finding.h"

namespace rtmodel {

nlohmann::json read_result(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) throw InputError(file.string() + ": can't be read; give the file that `rtmodel optimize --out` wrote");
  nlohmann::json result;
  try {
    result = nlohmann::json::parse(stream);
  } catch (const nlohmann::json::parse_error& fault) {
    throw InputError(file.string() + ": is not JSON: " + fault.what());
  }
  if (!result.is_object() || result.value("format", "") != "rtmodel-result" || result.value("version", 0) != 1)
    throw InputError(file.string() + ": is not a result of this program; give what `rtmodel optimize --out` wrote");
  return result;
}

std::vector<double> final_weights_of(const std::filesystem::path& file) {
  const auto result = read_result(file);
  try {
    return result.at("final_weights").get<std::vector<double>>();
  } catch (const nlohmann::json::exception&) {
    throw InputError(file.string() + ": has no final_weights; write the result again");
  }
}

}  // namespace rtmodel
