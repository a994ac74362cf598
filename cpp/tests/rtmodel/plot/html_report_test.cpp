#include "plot/html_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "case/finding.h"
#include "plot/html_tables.h"

namespace rtmodel {
namespace {

using nlohmann::json;

json structure(const std::string& name, double d95_gy) {
  return {{"name", name},
          {"role", "target"},
          {"prescribed_dose_gy", 60.0},
          {"metrics", {{"D95", d95_gy}, {"HI", 0.0625}}},
          {"dvh", {{"step_gy", 0.5}, {"volume_fraction", {1.0, 0.5, 0.0}}}}};
}

json result() {
  return {
      {"label", "lbfgs, advised"},
      {"case", "phantom <1>"},
      {"program", "rtmodel 0.1.0"},
      {"solver", "lbfgs"},
      {"fidelity", "exact"},
      {"advice_mode", "advise"},
      {"quality", "strict"},
      {"total", {{"call_equivalents", 700.0}, {"iterations", 690}, {"total_ms", 1500.0}}},
      {"stop_reason", "advice"},
      {"fault", nullptr},
      {"reference_objective", 2.0},
      {"plan", {{"notes", {"left out & said"}}}},
      {"unadvised",
       {{"reference_objective", 2.5}, {"call_equivalents", 400.0}, {"structures", {structure("PTV", 55.5)}}}},
      {"safeguard", {{"reason", "strict"}, {"first_stage", 1}, {"is_taken", false}}},
      {"structures", {structure("PTV", 57.25)}},
      {"stages",
       {{{"level", 0},
         {"is_polish", false},
         {"histogram_sigma_gy", 2.5},
         {"counts", {{"iterations", 300}, {"call_equivalents", 300.0}}},
         {"objective", 2.0},
         {"stop_reason", "advice"}}}},
      {"trace",
       {{"call_equivalents", {1.0, 300.0, 301.0, 700.0}},
        {"objective", {9.0, 2.0, 9.0, 2.5}},
        {"reference_objective", {9.0, 2.0, 9.0, 2.5}},
        {"stage", {0, 0, 1, 1}}}},
      {"advice",
       {{"was_asked", true},
        {"session_id", "session-1"},
        {"status", "ok"},
        {"status_message", ""},
        {"missing", nullptr},
        {"bindings", {{{"role", "early-stopping"}, {"plugin", "plateau"}, {"plugin_version", "1.0.0"}, {"model", ""}}}},
        {"roles",
         {{{"role", "early-stopping"},
           {"received", 300},
           {"accepted", 1},
           {"refused", 2},
           {"verdicts", {{"accepted", 1}, {"still-improving", 2}}}}}},
        {"session", {{"details", {{"early-stopping", "nothing yet"}}}}},
        {"provenance",
         {{"host", "dh-advisor 0.1.0"},
          {"configuration_generation", 7},
          {"arm", ""},
          {"bindings", {{{"model", "warm-start/3"}, {"model_sha256", "abc123"}}}},
          {"resumptions", 0},
          {"answers", 302},
          {"journal_sha256", "fedcba"}}}}}};
}

std::string report(const json& value) {
  std::string problem;
  return html_report(value, problem, "no-such-gnuplot");
}

TEST(HtmlReport, TellsFiguresAdviceAndWhereItCameFrom) {
  const std::string html = report(result());
  for (const char* part :
       {"strict: what advice was allowed to do", "700.0 call-equivalents", "2.00000", "2.50000 after 400.0",
        "the plan has 0.8000 of it", "57.25", "55.50", "0.062", "0, the finest", "early-stopping", "plateau 1.0.0",
        "still-improving 2", "nothing yet", "dh-advisor 0.1.0, configuration 7", "warm-start/3", "abc123", "fedcba",
        "the plan is the one with advice", "Research software"})
    EXPECT_NE(html.find(part), std::string::npos) << part;
}

TEST(HtmlReport, LetsNoTextOfACaseBecomeMarkup) {
  json value = result();
  value["case"] = "<script>alert('x')</script>\"&";
  const std::string html = report(value);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_NE(html.find("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"), std::string::npos);
  EXPECT_NE(html.find("left out &amp; said"), std::string::npos);
}

TEST(HtmlReport, AsksForNothingFromElsewhere) {
  const std::string html = report(result());
  for (const char* outside : {"http:", "https:", "src=\"/", "<link", "@import"})
    EXPECT_EQ(html.find(outside), std::string::npos) << outside;
}

TEST(HtmlReport, SaysWhatBecameOfAdviceInTheWordsOfThePage) {
  json value = result();
  const std::string html = report(value);
  for (const char* word : {"Answered", "Used", "Not used"})
    EXPECT_NE(html.find(std::string(">") + word + "</th>"), std::string::npos) << word;
  EXPECT_NE(html.find(">300</td><td class=\"n\">1</td><td class=\"n\">2</td>"), std::string::npos);
  value["advice_mode"] = "shadow";
  EXPECT_NE(report(value).find("<td class=\"n\">2 (shadow)</td>"), std::string::npos);
}

TEST(HtmlReport, SaysWhyPicturesAreMissing) {
  std::string problem;
  const std::string html = html_report(result(), problem, "no-such-gnuplot");
  EXPECT_FALSE(problem.empty());
  EXPECT_NE(html.find("No pictures: "), std::string::npos);
  EXPECT_NE(html.find("57.25"), std::string::npos) << "the figures are there all the same";
}

TEST(HtmlReport, HasPicturesInIt) {
  std::string problem;
  const std::string html = html_report(result(), problem);
  ASSERT_EQ(problem, "");
  EXPECT_NE(html.find("alt=\"Dose-volume histograms\" src=\"data:image/png;base64,iVBORw0KGgo"), std::string::npos);
  EXPECT_NE(html.find("alt=\"Objective over call-equivalents\""), std::string::npos);
}

TEST(HtmlReport, OfAPlanThatAskedNobodySaysSo) {
  json value = result();
  value["unadvised"] = value["safeguard"] = nullptr;
  value["advice"] = {{"was_asked", false}};
  const std::string html = report(value);
  EXPECT_NE(html.find("Nobody was asked"), std::string::npos);
  EXPECT_EQ(html.find("without advice"), std::string::npos);
}

TEST(HtmlReport, RefusesAResultWithoutWhatIsToBeTold) {
  json value = result();
  value.erase("structures");
  EXPECT_THROW(report(value), InputError);
}

}  // namespace
}  // namespace rtmodel
