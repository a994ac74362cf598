#include "plot/html_report.h"

#include <boost/archive/iterators/base64_from_binary.hpp>
#include <boost/archive/iterators/transform_width.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <vector>

#include "case/finding.h"
#include "plot/html_tables.h"
#include "plot/plots.h"

namespace rtmodel {
namespace {

using nlohmann::json;

constexpr const char* kStyle =
    "body{font:15px/1.45 system-ui,sans-serif;color:#1b2430;max-width:72rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem;border-bottom:1px solid #cdd5df}"
    "p.note{color:#566274;margin:.2rem 0}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #e3e8ee;vertical-align:top}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}tr.without{color:#566274}"
    "img{max-width:100%;height:auto;display:block;margin:.5rem 0}code{overflow-wrap:anywhere}"
    "@media print{body{margin:0;max-width:none}h2{break-after:avoid}img,tr{break-inside:avoid}}";

/// A folder for pictures that goes with it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::random_device random;
    path_ = std::filesystem::temp_directory_path() / ("rtmodel-report-" + std::to_string(random()));
    std::error_code failed;
    if (!std::filesystem::create_directory(path_, failed))
      throw InputError("report: no folder can be made for its pictures, " + path_.string() + "; set TMPDIR");
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string base64_of(const std::filesystem::path& file) {
  using namespace boost::archive::iterators;
  using Encoder = base64_from_binary<transform_width<std::vector<char>::const_iterator, 6, 8>>;
  std::ifstream stream(file, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  std::string text{Encoder(bytes.begin()), Encoder(bytes.end())};
  return text.append((3 - bytes.size() % 3) % 3, '=');
}

/// The plan without advice as a result of its own, for the same pictures. Its stages are the plan's last.
json without_advice(const json& result) {
  const json& trace = result.at("trace");
  const std::uint32_t first_stage = result.at("safeguard").at("first_stage");
  json own{{"call_equivalents", json::array()}, {"objective", json::array()}, {"reference_objective", json::array()}};
  double before = 0.0;
  for (std::size_t i = 0; i < trace.at("stage").size(); ++i) {
    const double calls = trace.at("call_equivalents").at(i);
    if (trace.at("stage").at(i).get<std::uint32_t>() < first_stage) {
      before = calls;
      continue;
    }
    own["call_equivalents"].push_back(calls - before);
    own["objective"].push_back(trace.at("objective").at(i));
    own["reference_objective"].push_back(trace.at("reference_objective").at(i));
  }
  return {{"label", "without advice"},
          {"case", result.at("case")},
          {"structures", result.at("unadvised").at("structures")},
          {"trace", std::move(own)}};
}

std::string pictures(const json& result, std::string& problem, const std::string& gnuplot) {
  const TemporaryFolder folder;
  std::vector<json> drawn{result};
  drawn[0]["label"] = "with advice";
  if (!result.at("advice").at("was_asked").get<bool>()) drawn[0]["label"] = result.at("label");
  if (!result.at("unadvised").is_null()) drawn.push_back(without_advice(result));
  const PlotReport report = draw_plots(drawn, folder.path(), gnuplot);
  problem = report.problem;
  std::ostringstream html;
  for (const auto& picture : report.pictures) {
    const std::string name = picture.stem().string();
    const char* what = name == "dvh"           ? "Dose-volume histograms"
                       : name == "convergence" ? "Objective over call-equivalents"
                                               : "Dose on the isocentre slice, with CT and contours";
    html << "<figure><img alt=\"" << what << "\" src=\"data:image/png;base64," << base64_of(picture)
         << "\"><figcaption class=\"note\">" << what << "</figcaption></figure>\n";
  }
  if (!problem.empty()) html << "<p>No pictures: " << escaped(problem) << "</p>\n";
  return html.str();
}

}  // namespace

std::string html_report(const json& result, std::string& problem, const std::string& gnuplot) {
  std::ostringstream html;
  try {
    const std::string title = result.at("label").get<std::string>() + ": " + result.at("case").get<std::string>();
    html << "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
            "content=\"width=device-width\">\n<title>"
         << escaped(title) << "</title><style>" << kStyle << "</style></head><body>\n<h1>" << escaped(title)
         << "</h1>\n<p class=\"note\">" << escaped(result.at("program").get<std::string>())
         << ". Research software: not made for, and not to be used in, the treatment of patients.</p>\n"
         << "<h2>Plan</h2>\n"
         << plan_table(result) << "<h2>Dose</h2>\n"
         << dose_table(result) << pictures(result, problem, gnuplot) << "<h2>Stages</h2>\n"
         << stages_table(result) << "<h2>Advice</h2>\n"
         << advice_tables(result) << "</body></html>\n";
  } catch (const json::exception& wrong) {
    throw InputError(std::string("report: the result lacks what is to be told: ") + wrong.what());
  }
  return html.str();
}

}  // namespace rtmodel
