#include "collect_variants.h"

#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "case/finding.h"

namespace rtmodel::cli {
namespace {

[[noreturn]] void refuse(const std::string& variant, const std::string& problem) {
  throw InputError("--variants: \"" + variant + "\" " + problem);
}

template <typename Number>
Number number(const std::string& variant, const std::string& text) {
  Number value{};
  if (!CLI::detail::lexical_cast(text, value)) refuse(variant, "has \"" + text + "\" where a number belongs");
  return value;
}

std::string choice(const std::string& variant, const std::string& text, const std::set<std::string>& choices) {
  if (choices.count(text) > 0) return text;
  std::string known;
  for (const auto& one : choices) known += (known.empty() ? "" : ", ") + one;
  refuse(variant, "has \"" + text + "\" where one of these belongs: " + known);
}

using Setter = std::function<void(OptimizeArguments&, const std::string& variant, const std::string& value)>;

const std::map<std::string, Setter>& setters() {
  static const std::map<std::string, Setter> known = {
      {"beams", [](auto& to, const auto&, const auto& value) { to.plan.beams = value; }},
      {"beamlet-mm",
       [](auto& to, const auto& variant, const auto& value) { to.plan.beamlet_mm = number<double>(variant, value); }},
      {"window-mm",
       [](auto& to, const auto& variant, const auto& value) {
         to.plan.window_mm = number<double>(variant, value);
         to.plan.is_full = false;
       }},
      {"fidelity",
       [](auto& to, const auto& variant, const auto& value) {
         to.plan.fidelity = choice(variant, value, {"exact", "shipped"});
       }},
      {"solver",
       [](auto& to, const auto& variant, const auto& value) {
         to.run.solver = choice(variant, value, {"dh", "lbfgs"});
       }},
      {"covariance",
       [](auto& to, const auto& variant, const auto& value) {
         to.run.covariance = choice(variant, value, {"full", "incremental", "predicted", "fixed"});
       }},
      {"max-iterations", [](auto& to, const auto& variant,
                            const auto& value) { to.run.max_iterations = number<std::uint32_t>(variant, value); }},
  };
  return known;
}

}  // namespace

void CollectVariant::apply_to(OptimizeArguments& arguments) const {
  std::istringstream parts(name);
  for (std::string part; std::getline(parts, part, '+');) {
    const auto equals = part.find('=');
    const auto setter = setters().find(part.substr(0, equals));
    if (equals == std::string::npos || setter == setters().end()) {
      std::string known;
      for (const auto& [key, unused] : setters()) known += (known.empty() ? "" : ", ") + key;
      refuse(name, "is not KEY=VALUE or several joined by +; keys: " + known);
    }
    setter->second(arguments, name, part.substr(equals + 1));
  }
}

std::vector<CollectVariant> read_variants(const std::vector<std::string>& texts) {
  if (texts.empty()) return {CollectVariant{}};
  std::vector<CollectVariant> variants;
  std::set<std::string> names;
  for (const auto& text : texts) {
    OptimizeArguments probe;
    CollectVariant variant{text};
    variant.apply_to(probe);
    if (text.empty() || text.find('/') != std::string::npos) refuse(text, "can't be part of a file name");
    if (!names.insert(text).second) refuse(text, "is there twice");
    variants.push_back(std::move(variant));
  }
  return variants;
}

}  // namespace rtmodel::cli
