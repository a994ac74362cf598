#include "plot/plots.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "case/finding.h"
#include "plot/gnuplot.h"
#include "plot/result_file.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {
namespace {

using nlohmann::json;

json result(const std::string& label) {
  return json::parse(R"({"format": "rtmodel-result", "version": 1, "case": "small", "label": ")" + label + R"(",
    "structures": [{"name": "PTV60", "dvh": {"step_gy": 0.5, "volume_fraction": [1, 0.5, 0]}},
                   {"name": "SpinalCord", "dvh": {"step_gy": 0.5, "volume_fraction": [1, 0]}}],
    "trace": {"call_equivalents": [1, 2.5], "objective": [9, 4], "reference_objective": [null, 4]},
    "final_weights": [0.1, 0.2],
    "slice": {"size": [3, 3], "spacing_mm": [5, 5], "origin_mm": [-5, -5],
              "dose_gy": [null, 1, 2, 3, 4, 5, 6, 7, 8], "ct_hu": [-1000, 0, 0, 0, 0, 0, 0, 0, 900],
              "structures": [{"name": "PTV60", "inside": [0, 0, 0, 0, 1, 0, 0, 0, 0]},
                             {"name": "Elsewhere", "inside": [0, 0, 0, 0, 0, 0, 0, 0, 0]}]}})");
}

bool is_png(const std::filesystem::path& file) { return read_file(file).substr(1, 3) == "PNG"; }

TEST(Plots, DrawsResultsOverOneAnother) {
  const TemporaryFolder folder;
  const auto report = draw_plots({result("it's one"), result("two")}, folder.path() / "new");
  EXPECT_EQ(report.problem, "");
  ASSERT_EQ(report.pictures.size(), 4u);
  for (const auto& picture : report.pictures) EXPECT_TRUE(is_png(picture)) << picture;
  const auto script = read_file(folder.path() / "new" / "dvh.gp");
  EXPECT_TRUE(contains(script, "'PTV60, it''s one'"));
  EXPECT_TRUE(contains(script, "'PTV60, two'"));
  EXPECT_TRUE(contains(read_file(folder.path() / "new" / "dvh.dat"), "0.5 50\n"));
  EXPECT_TRUE(contains(read_file(folder.path() / "new" / "convergence.dat"), "1 9 NaN\n2.5 4 4\n"));
}

TEST(Plots, KeepsDataAndScriptsWhenGnuplotIsMissing) {
  const TemporaryFolder folder;
  const auto report = draw_plots({result("one")}, folder.path(), "no-such-gnuplot");
  EXPECT_TRUE(report.pictures.empty());
  EXPECT_TRUE(contains(report.problem, "no-such-gnuplot can't be started"));
  EXPECT_TRUE(contains(report.problem, "install gnuplot"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "dose-1.gp"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "dose-1.dat"));
}

TEST(Plots, ReportsAGnuplotThatFails) {
  const TemporaryFolder folder;
  EXPECT_TRUE(contains(draw_plots({result("one")}, folder.path(), "false").problem, "false failed on"));
}

TEST(Plots, RefusesResultsThatLackCurves) {
  const TemporaryFolder folder;
  auto bad = result("one");
  bad.erase("trace");
  EXPECT_THROW(draw_plots({bad}, folder.path()), InputError);
  EXPECT_THROW(draw_plots({}, folder.path()), InputError);
}

TEST(ResultFile, RefusesOtherFiles) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "r.json";
  EXPECT_THROW(read_result(file), InputError);
  write_file(file, "{");
  EXPECT_THROW(read_result(file), InputError);
  write_file(file, "{\"format\": \"other\"}");
  EXPECT_THROW(read_result(file), InputError);
  write_file(file, result("one").dump());
  EXPECT_EQ(final_weights_of(file), (std::vector<double>{0.1, 0.2}));
}

}  // namespace
}  // namespace rtmodel::testing
