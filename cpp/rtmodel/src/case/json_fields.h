#pragma once

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>

#include "case/finding.h"
#include "files/text.h"

namespace rtmodel {

/// Reads the fields of a JSON object and says with their path what is wrong with them.
class JsonFields {
 public:
  /// `path` such as `case.json grid`; with a space at its end for the root.
  JsonFields(const nlohmann::json& object, std::string path, Findings& findings)
      : object_(object), path_(std::move(path)), findings_(findings) {}

  std::string where(const std::string& key) const { return path_ + (path_.back() == ' ' ? "" : ".") + key; }
  bool has(const std::string& key) const { return object_.contains(key) && !object_[key].is_null(); }
  /// The value for a message, cut when it is long.
  std::string shown(const std::string& key) const { return quotable(object_[key].dump()); }

  /// A text that may stand in tables, logs and data files.
  std::string name(const std::string& key, bool is_needed);
  std::optional<double> number(const std::string& key, double above, double up_to, const std::string& unit);
  std::optional<bool> flag(const std::string& key);

  template <typename Number>
  bool triple(const std::string& key, std::array<Number, 3>& out, double lowest, double highest,
              const std::string& fix) {
    bool is_good = has(key) && object_[key].is_array() && object_[key].size() == 3;
    for (std::size_t i = 0; is_good && i < 3; ++i) {
      const nlohmann::json& item = object_[key][i];
      is_good = item.is_number() && (!std::is_integral_v<Number> || item.is_number_integer()) &&
                item.get<double>() >= lowest && item.get<double>() <= highest;
      if (is_good) out[i] = item.get<Number>();
    }
    if (!is_good) findings_.error(where(key), has(key) ? "is " + shown(key) : "is missing", fix);
    return is_good;
  }

 private:
  const nlohmann::json& object_;
  std::string path_;
  Findings& findings_;
};

/// Parses the text of a JSON object. Refuses keys that stand twice, of which one would win without a word, and
/// nesting beyond any use. Empty after a fault, which goes to `findings` under `where`.
std::optional<nlohmann::json> parse_object(const std::string& text, const std::string& where, Findings& findings);

/// The object under a key; an empty one where there is none, and a finding where there is something else.
const nlohmann::json& object_at(const nlohmann::json& root, const char* key, const std::string& where,
                                Findings& findings);

}  // namespace rtmodel
