#include "plot/html_tables.h"

#include <iomanip>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace rtmodel {
namespace {

using nlohmann::json;

std::string number(double value, int digits) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(digits) << value;
  return text.str();
}

/// A value as people read it: texts as they are, nothing for null.
std::string shown(const json& value) {
  if (value.is_null()) return "";
  return escaped(value.is_string() ? value.get<std::string>() : value.dump());
}

std::string fact(const std::string& name, const std::string& html) {
  return "<tr><th>" + name + "</th><td>" + html + "</td></tr>\n";
}

std::string code(const json& value) {
  const std::string text = shown(value);
  return text.empty() ? "" : "<code>" + text + "</code>";
}

std::string cells(const json& structure, const std::set<std::string>& names) {
  std::string html;
  for (const std::string& name : names) {
    const auto& metrics = structure.at("metrics");
    const bool is_share = name == "HI" || name == "paddick";
    html += "<td class=\"n\">" +
            (metrics.contains(name) ? number(metrics.at(name).get<double>(), is_share ? 3 : 2) : "") + "</td>";
  }
  return html;
}

std::string role_rows(const json& advice, bool is_shadow) {
  std::ostringstream html;
  for (const auto& binding : advice.at("bindings")) {
    const std::string role = binding.at("role");
    const json* counts = nullptr;
    for (const auto& candidate : advice.at("roles"))
      if (candidate.at("role") == role) counts = &candidate;
    const std::string plugin = binding.at("plugin");
    html << "<tr><td>" << escaped(role) << "</td><td>"
         << (plugin.empty() ? "off" : escaped(plugin) + " " + shown(binding.at("plugin_version"))) << "</td><td>"
         << shown(binding.at("model")) << "</td><td class=\"n\">"
         << (counts != nullptr ? counts->at("received").dump() : "") << "</td><td class=\"n\">"
         << (counts != nullptr ? counts->at("accepted").dump() : "") << "</td><td class=\"n\">"
         << (counts != nullptr ? counts->at("refused").dump() : "")
         << (counts != nullptr && is_shadow ? " (shadow)" : "") << "</td><td>";
    if (counts != nullptr)
      for (const auto& [verdict, count] : counts->at("verdicts").items())
        if (verdict != "accepted") html << escaped(verdict) << " " << count << "<br>";
    if (advice.contains("session") && advice.at("session").at("details").contains(role))
      html << shown(advice.at("session").at("details").at(role));
    html << "</td></tr>\n";
  }
  return html.str();
}

}  // namespace

std::string escaped(const std::string& text) {
  std::string html;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += letter;
    }
  }
  return html;
}

std::string plan_table(const json& result) {
  const json& total = result.at("total");
  const double reference = result.at("reference_objective");
  std::string html = "<table>\n";
  html += fact("Solver", shown(result.at("solver")) + ", fidelity " + shown(result.at("fidelity")));
  html += fact("Quality", shown(result.at("quality")) + ": what advice was allowed to do");
  html += fact("Cost", number(total.at("call_equivalents"), 1) + " call-equivalents, " + shown(total.at("iterations")) +
                           " iterations, " + number(total.at("total_ms").get<double>() / 1000.0, 2) + " s");
  html += fact("Stopped by", shown(result.at("stop_reason")) +
                                 (result.at("fault").is_null() ? "" : "; " + shown(result.at("fault"))));
  html += fact("Reference objective", number(reference, 5));
  if (const json& other = result.at("unadvised"); !other.is_null()) {
    const double without = other.at("reference_objective");
    html += fact("Without advice", number(without, 5) + " after " + number(other.at("call_equivalents"), 1) +
                                       " call-equivalents; the plan has " + number(reference / without, 4) + " of it");
  }
  for (const auto& note : result.at("plan").at("notes")) html += fact("Note", shown(note));
  return html + "</table>\n";
}

std::string dose_table(const json& result) {
  std::set<std::string> names;
  for (const auto& structure : result.at("structures"))
    for (const auto& [name, value] : structure.at("metrics").items()) names.insert(name);
  std::ostringstream html;
  html << "<table><thead><tr><th>Structure</th><th class=\"n\">Prescribed, Gy</th>";
  for (const auto& name : names)
    html << "<th class=\"n\">" << escaped(name) << (name == "HI" || name == "paddick" ? "" : ", Gy") << "</th>";
  html << "</tr></thead><tbody>\n";
  const json& other = result.at("unadvised");
  for (std::size_t i = 0; i < result.at("structures").size(); ++i) {
    const json& structure = result.at("structures").at(i);
    const json& prescribed = structure.at("prescribed_dose_gy");
    html << "<tr><td>" << shown(structure.at("name")) << "</td><td class=\"n\">"
         << (prescribed.is_null() ? "" : number(prescribed, 1)) << "</td>" << cells(structure, names) << "</tr>\n";
    if (!other.is_null())
      html << "<tr class=\"without\"><td>without advice</td><td></td>" << cells(other.at("structures").at(i), names)
           << "</tr>\n";
  }
  html << "</tbody></table>\n";
  return html.str();
}

std::string stages_table(const json& result) {
  std::ostringstream html;
  html << "<table><thead><tr><th class=\"n\">Stage</th><th>Level</th><th class=\"n\">Histogram sigma, Gy</th><th "
          "class=\"n\">Iterations</th><th class=\"n\">Call-equivalents</th><th class=\"n\">Objective</th><th>Ended "
          "by</th></tr></thead><tbody>\n";
  std::size_t number_of = 0;
  for (const auto& stage : result.at("stages")) {
    const int level = stage.at("level");
    html << "<tr><td class=\"n\">" << ++number_of << "</td><td>" << level << (level == 0 ? ", the finest" : "")
         << (stage.at("is_polish").get<bool>() ? ", polish" : "") << "</td><td class=\"n\">"
         << number(stage.at("histogram_sigma_gy"), 2) << "</td><td class=\"n\">" << stage.at("counts").at("iterations")
         << "</td><td class=\"n\">" << number(stage.at("counts").at("call_equivalents"), 1) << "</td><td class=\"n\">"
         << number(stage.at("objective"), 4) << "</td><td>" << shown(stage.at("stop_reason")) << "</td></tr>\n";
  }
  html << "</tbody></table>\n";
  return html.str();
}

std::string advice_tables(const json& result) {
  const json& advice = result.at("advice");
  if (!advice.at("was_asked").get<bool>()) return "<p>Nobody was asked: the plan is the solver's alone.</p>\n";
  std::string html = "<table>\n" + fact("Session", code(advice.at("session_id")));
  html += fact("Status", shown(advice.at("status")) +
                             (advice.at("status_message") == "" ? "" : ": " + shown(advice.at("status_message"))));
  if (!advice.at("missing").is_null()) html += fact("Missing", shown(advice.at("missing")));
  if (const json& safeguard = result.at("safeguard"); !safeguard.is_null())
    html += fact("Made without it as well", "because of " + shown(safeguard.at("reason")) + "; the plan is the one " +
                                                (safeguard.at("is_taken").get<bool>() ? "without" : "with advice"));
  html +=
      "</table>\n<table><thead><tr><th>Role</th><th>Plugin</th><th>Model</th><th class=\"n\">Answered</th><th "
      "class=\"n\">Used</th><th class=\"n\">Not used</th><th>Why, and what the plugin said</th></tr></thead><tbody>\n" +
      role_rows(advice, result.at("advice_mode") == "shadow") + "</tbody></table>\n";
  const json& provenance = advice.at("provenance");
  if (provenance.is_null()) return html + "<p class=\"note\">The host did not say where the advice came from.</p>\n";
  html += "<h2>Where the advice came from</h2>\n<table>\n";
  html += fact("Host",
               shown(provenance.at("host")) + ", configuration " + shown(provenance.at("configuration_generation")));
  if (provenance.at("arm") != "") html += fact("Arm", shown(provenance.at("arm")));
  html +=
      fact("Resumed", shown(provenance.at("resumptions")) + " times; " + shown(provenance.at("answers")) + " answers");
  for (const auto& binding : provenance.at("bindings"))
    if (binding.at("model") != "")
      html += fact("Model", shown(binding.at("model")) + " " + code(binding.at("model_sha256")));
  html += fact("Journal, SHA-256", code(provenance.at("journal_sha256")));
  return html + "</table>\n";
}

}  // namespace rtmodel
