#include "case/json_fields.h"

#include <set>
#include <vector>

namespace rtmodel {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 64;

struct Refusal {
  std::string what, fix;
};

/// nlohmann's own words without its codes, such as `[json.exception.parse_error.101] `.
std::string plain(const std::string& text) {
  const auto end = text.find("] ");
  return quotable(text.rfind("[json.exception", 0) == 0 && end != std::string::npos ? text.substr(end + 2) : text);
}

}  // namespace

std::string JsonFields::name(const std::string& key, bool is_needed) {
  if (!has(key)) {
    if (is_needed) findings_.error(where(key), "is missing", "give a text");
    return "";
  }
  if (!object_[key].is_string() || (is_needed && object_[key].get<std::string>().empty())) {
    findings_.error(where(key), "is not a text, or empty", "give a text");
    return "";
  }
  const std::string text = object_[key];
  const std::string fault = fault_of_name(text);
  if (fault.empty()) return text;
  findings_.error(where(key), "\"" + quotable(text) + "\" " + fault, "give a name of one line");
  // Stands for it in what follows, so that one fault is not told as two.
  return quotable(text);
}

std::optional<double> JsonFields::number(const std::string& key, double above, double up_to, const std::string& unit) {
  if (!has(key)) return std::nullopt;
  if (object_[key].is_number()) {
    const double value = object_[key];
    if (value > above && value <= up_to) return value;
  }
  findings_.error(where(key), "is " + shown(key),
                  "give a number above " + Json(above).dump() + " and up to " + Json(up_to).dump() + ", in " + unit);
  return std::nullopt;
}

std::optional<bool> JsonFields::flag(const std::string& key) {
  if (!has(key)) return std::nullopt;
  if (object_[key].is_boolean()) return object_[key].get<bool>();
  findings_.error(where(key), "is " + shown(key), "give true or false");
  return std::nullopt;
}

std::optional<Json> parse_object(const std::string& text, const std::string& where, Findings& findings) {
  std::vector<std::set<std::string>> keys;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth > kDeepest)
      throw Refusal{"is nested more than " + std::to_string(kDeepest) + " deep", "see docs/case-format.md"};
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
      throw Refusal{"has the key \"" + quotable(value.get<std::string>()) + "\" twice in one object",
                    "keep one of them"};
    return true;
  };
  try {
    Json root = Json::parse(text, watch);
    if (root.is_object()) return root;
    findings.error(where, "is not an object", "see docs/case-format.md");
  } catch (const Refusal& refusal) {
    findings.error(where, refusal.what, refusal.fix);
  } catch (const Json::exception& fault) {
    findings.error(where, "is not JSON: " + plain(fault.what()), "correct the text there");
  }
  return std::nullopt;
}

const Json& object_at(const Json& root, const char* key, const std::string& where, Findings& findings) {
  static const Json kEmpty = Json::object();
  if (!root.contains(key) || root[key].is_null()) return kEmpty;
  if (root[key].is_object()) return root[key];
  findings.error(where + " " + key, "is not an object", "see docs/case-format.md");
  return kEmpty;
}

}  // namespace rtmodel
