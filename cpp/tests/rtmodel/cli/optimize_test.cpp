#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "case/write_case.h"
#include "rtmodel/cli/program.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {
namespace {

using nlohmann::json;

class Optimize : public ::testing::Test {
 protected:
  void SetUp() override { write_case(folder_.path() / "case", small_case()); }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  json optimize(const std::string& options, const std::string& out = "result.json") {
    const auto run = run_program("optimize " + path("case") + " --beams 5 --solver lbfgs --quiet --out " + path(out) +
                                 " " + options);
    EXPECT_EQ(run.exit_code, 0) << run.output;
    return json::parse(read_file(path(out)));
  }

  TemporaryFolder folder_;
};

TEST_F(Optimize, WritesAResultWithFiguresCurvesAndTrace) {
  const auto result = optimize("");
  EXPECT_EQ(result["format"], "rtmodel-result");
  EXPECT_EQ(result["case"], "small");
  EXPECT_EQ(result["advice_mode"], "off");
  EXPECT_EQ(result["final_weights"].size(), result["plan"]["beamlets"].get<std::size_t>());
  EXPECT_GT(result["total"]["gradient_calls"].get<int>(), 10);
  const auto& target = result["structures"][0];
  EXPECT_EQ(target["name"], "PTV60");
  EXPECT_GT(target["metrics"]["D95"].get<double>(), 0.9 * 60.0) << "the plan treats its target";
  EXPECT_LT(target["metrics"]["D2"].get<double>(), 1.2 * 60.0);
  EXPECT_DOUBLE_EQ(target["dvh"]["volume_fraction"][0].get<double>(), 1.0);
  const auto& trace = result["trace"];
  EXPECT_GT(trace["objective"].size(), 5u);
  for (const auto& [name, column] : trace.items()) EXPECT_EQ(column.size(), trace["objective"].size()) << name;
  EXPECT_FALSE(result.contains("slice"));
}

TEST_F(Optimize, IsTheSamePlanForAnyNumberOfThreads) {
  const auto one = optimize("--threads 1", "one.json"), three = optimize("--threads 3", "three.json");
  EXPECT_EQ(one["final_weights"], three["final_weights"]);
  EXPECT_EQ(one["reference_objective"], three["reference_objective"]);
}

TEST_F(Optimize, IsTheSamePlanWithAHostThatIsNotThere) {
  const auto without = optimize("", "without.json");
  // Nothing listens on the discard port of the loopback here.
  const auto with = optimize("--advisor 127.0.0.1:9 --start-deadline-ms 200", "with.json");
  EXPECT_EQ(with["final_weights"], without["final_weights"]);
  EXPECT_EQ(with["advice_mode"], "advise");
  EXPECT_EQ(with["advice"]["status"], "unreachable");
}

TEST_F(Optimize, HasAWaitingBudgetOrNone) {
  const std::string nobody = "--advisor 127.0.0.1:9 --max-iterations 2 --advice-wait-share ";
  for (const char* share : {"0", "0.5", "inf"}) EXPECT_EQ(optimize(nobody + share)["advice"]["status"], "unreachable");
  const auto refused = run_program("optimize " + path("case") + " --out " + path("r.json") + " " + nobody + "-1");
  EXPECT_EQ(refused.exit_code, 2) << refused.output;
}

TEST_F(Optimize, StartsFromAResult) {
  optimize("", "first.json");
  const auto second = optimize("--start-from " + path("first.json") + " --stages 0:2.5:0", "second.json");
  const auto cold = optimize("--stages 0:2.5:0", "cold.json");
  EXPECT_LT(second["trace"]["objective"][0], cold["trace"]["objective"][0]);
}

TEST_F(Optimize, DrawsPicturesAndPlotOverlaysThem) {
  optimize("--plot " + path("pictures"));
  for (const char* name : {"dvh.png", "convergence.png", "dose-1.png"})
    EXPECT_TRUE(std::filesystem::exists(folder_.path() / "pictures" / name)) << name;
  optimize("--label other", "other.json");
  const auto run = run_program("plot " + path("result.json") + " " + path("other.json") + " --out " + path("both"));
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_TRUE(contains(run.output, "dvh.png"));
  EXPECT_TRUE(contains(read_file(path("both/dvh.gp")), "PTV60, other"));
  EXPECT_EQ(run_program("plot " + path("case/case.json") + " --out " + path("none")).exit_code, 1);
}

TEST_F(Optimize, SaysWhenTheResultCantBeWritten) {
  const auto run = run_program("optimize " + path("case") + " --beams 3 --solver lbfgs --out " + path("no/where.json"));
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(contains(run.output, "where.json: can't be written"));
  EXPECT_TRUE(contains(run.output, "stage 0: level")) << "progress in plain lines where there is no terminal";
}

TEST_F(Optimize, AnInterruptEndsThePlanAndStillWritesIt) {
  // dH's own way over all beamlets takes hundreds of iterations; the first line comes with the first of them.
  const auto run = run_program("optimize " + path("case") + " --full --solver dh --out " + path("cut.json"), "stage 0");
  EXPECT_EQ(run.exit_code, 3) << run.output;
  EXPECT_EQ(json::parse(read_file(path("cut.json")))["stop_reason"], "cancelled");
}

}  // namespace
}  // namespace rtmodel::testing
