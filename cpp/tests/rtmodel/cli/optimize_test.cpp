#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "case/nifti_volume.h"
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

TEST_F(Optimize, WritesTheDoseOnTheGridOfTheCase) {
  const auto result = optimize("--full --beamlet-mm 10 --dose " + path("dose.nii.gz"));
  Findings findings;
  // Read as a CT, doses are rounded to whole numbers.
  const auto dose = read_ct(path("dose.nii.gz"), findings);
  ASSERT_TRUE(dose);
  const Case planned = small_case();
  EXPECT_EQ(dose->grid.size, planned.grid.size);
  EXPECT_EQ(dose->grid.origin_mm, planned.grid.origin_mm);
  const auto& target = *std::find_if(planned.structures.begin(), planned.structures.end(),
                                     [](const auto& structure) { return structure.name == "PTV60"; });
  double sum = 0.0, count = 0.0;
  for (std::size_t i = 0; i < planned.masks.size(); ++i)
    if (planned.is_in(target, i)) sum += dose->voxels[i], count += 1.0;
  EXPECT_NEAR(sum / count, result["structures"][0]["metrics"]["Dmean"].get<double>(), 0.5);
}

TEST_F(Optimize, RefusesADoseFileBeforeItPlans) {
  const auto run = run_program("optimize " + path("case") + " --dose " + path("nowhere/dose.nii.gz"));
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(contains(run.output, "nowhere"));
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

TEST_F(Optimize, IsOfAFidelity) {
  EXPECT_EQ(optimize("")["fidelity"], "exact");
  const auto run =
      run_program("optimize " + path("case") + " --beams 5 --fidelity shipped --limit-to-beamlets --quiet " + "--out " +
                  path("shipped.json"));
  ASSERT_EQ(run.exit_code, 0) << run.output;
  const auto shipped = json::parse(read_file(path("shipped.json")));
  EXPECT_EQ(shipped["fidelity"], "shipped");
  EXPECT_EQ(shipped["covariance"], "full");
  EXPECT_EQ(shipped["label"], "dh, full, shipped");
  EXPECT_EQ(shipped["plan"]["columns"], 39);
  EXPECT_EQ(shipped["plan"]["column_width_mm"], 4.0);
  EXPECT_EQ(shipped["plan"]["row_height_mm"], 20.0);
  EXPECT_EQ(shipped["plan"]["excluded_beamlets"], 0);
  EXPECT_NEAR(shipped["plan"]["beams"][0]["shipped"]["gantry_rad"].get<double>(), 1.5707963, 1e-6);
  EXPECT_EQ(shipped["plan"]["beams"][0]["shipped"]["first_shift"], 19);
  EXPECT_GT(shipped["own_objective"].get<double>(), 0.0);
  EXPECT_GT(shipped["reference_objective"].get<double>(), shipped["own_objective"].get<double>());
  EXPECT_LT(shipped["voxel_weighted_calls"].get<double>(), shipped["total"]["call_equivalents"].get<double>());
  EXPECT_GT(shipped["cpu_ms"].get<double>(), 0.0);
  EXPECT_TRUE(shipped["fault"].is_null());
  EXPECT_LT(shipped["stages"][0]["voxel_count"].get<int>(), shipped["stages"].back()["voxel_count"].get<int>());
}

TEST_F(Optimize, ShippedTakesAPersonsGoalsAndPitch) {
  write_file(path("goals.yaml"), "version: 1\ntargets: { weight: 7 }\n");
  const auto run =
      run_program("optimize " + path("case") + " --beams 5 --fidelity shipped --limit-to-beamlets --quiet " +
                  "--beamlet-mm 5 --columns 0 --row-height-mm 30 --window-mm 5 --max-iterations 2 " +
                  "--prescription " + path("goals.yaml") + " --out " + path("shipped.json"));
  ASSERT_EQ(run.exit_code, 0) << run.output;
  const auto shipped = json::parse(read_file(path("shipped.json")));
  EXPECT_EQ(shipped["plan"]["column_width_mm"], 5.0);
  EXPECT_EQ(shipped["plan"]["row_height_mm"], 30.0);
  EXPECT_EQ(shipped["plan"]["window_mm"], 5.0);
  EXPECT_LT(shipped["plan"]["columns"].get<int>(), 39);
  EXPECT_EQ(shipped["structures"][0]["objective_weight"], 7.0);
}

TEST_F(Optimize, RefusesWhatAFidelityDoesNotHave) {
  const std::pair<const char*, const char*> refused[] = {
      {"--fidelity shipped --solver lbfgs", "shipped dH has no solver lbfgs"},
      {"--fidelity shipped --full", "--full: shipped dH has one row"},
      {"--fidelity shipped --covariance incremental", "no incremental covariance"},
      {"--limit-to-beamlets", "give --fidelity shipped"}};
  for (const auto& [options, reason] : refused) {
    const auto run = run_program("optimize " + path("case") + " " + options);
    EXPECT_EQ(run.exit_code, 1) << options;
    EXPECT_TRUE(contains(run.output, reason)) << options;
  }
  const auto unknown = run_program("optimize " + path("case") + " --fidelity real");
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_TRUE(contains(unknown.output, "--fidelity"));
}

TEST_F(Optimize, WritesWhatShippedReachedWhenItsMatricesAreFull) {
  const auto run = run_program("optimize " + path("case") + " --beams 3 --fidelity shipped --quiet --out " +
                               path("guarded.json") + " --stages 3:40:0:0,0:2.5:0");
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(contains(run.output, "level 3 of shipped dH has not converged after 15 iterations"));
  EXPECT_TRUE(contains(run.output, "--limit-to-beamlets"));
  const auto guarded = json::parse(read_file(path("guarded.json")));
  EXPECT_TRUE(contains(guarded["fault"].get<std::string>(), "level 3"));
  EXPECT_EQ(guarded["final_weights"].size(), 3u * 39u);
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
  EXPECT_FALSE(contains(run.output, "different cases"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "both" / "dvh.png.part"));
  auto stranger = json::parse(read_file(path("other.json")));
  stranger["case"] = "another";
  write_file(path("stranger.json"), stranger.dump());
  EXPECT_TRUE(contains(
      run_program("plot " + path("result.json") + " " + path("stranger.json") + " --out " + path("both")).output,
      "warning: results of different cases are drawn over one another: \"small\" and \"another\""));
  EXPECT_EQ(run_program("plot " + path("case/case.json") + " --out " + path("none")).exit_code, 1);
}

TEST_F(Optimize, SaysWhenTheResultCantBeWritten) {
  const auto run = run_program("optimize " + path("case") + " --beams 3 --solver lbfgs --out " + path("no/where.json"));
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(contains(run.output, "where.json: can't be written"));
  EXPECT_FALSE(contains(run.output, "stage 0: level")) << "before a plan is made for nothing";
  const auto good = run_program("optimize " + path("case") + " --beams 3 --solver lbfgs --out " + path("where.json"));
  EXPECT_EQ(good.exit_code, 0);
  EXPECT_TRUE(contains(good.output, "stage 0: level")) << "progress in plain lines where there is no terminal";
  EXPECT_FALSE(contains(run_program("optimize " + path("case") + " --plot " + path("where.json")).output, "stage 0"));
}

TEST_F(Optimize, AFailedRunLeavesTheResultThatWasThere) {
  write_file(path("result.json"), "before");
  const std::string plan = "optimize " + path("case") + " --beams 3 --solver lbfgs --out " + path("result.json");
  auto run = run_program(plan + " --label \"$(printf 'R\\374ck')\"");
  EXPECT_EQ(run.exit_code, 1) << run.output;
  EXPECT_TRUE(contains(run.output, "--label: \"R\\xfcck\" is not UTF-8 (byte 2); give one line in UTF-8"));
  EXPECT_EQ(run_program(plan + " --plan-key \"$(printf 'a\\nb')\"").exit_code, 1);
  EXPECT_EQ(run_program(plan + " --patient-key \"$(printf 'a\\tb')\"").exit_code, 1);
  std::filesystem::remove(path("case") + "/ct.nii.gz");
  EXPECT_EQ(run_program(plan).exit_code, 1);
  EXPECT_EQ(read_file(path("result.json")), "before");
  EXPECT_FALSE(std::filesystem::exists(path("result.json.part")));
}

TEST_F(Optimize, WritesItsResultWhenNobodyReadsItsOutput) {
  run_program("optimize " + path("case") + " --beams 3 --solver lbfgs --out " + path("result.json") + " 2>&1 | true");
  EXPECT_EQ(json::parse(read_file(path("result.json")))["format"], "rtmodel-result");
}

TEST_F(Optimize, TellsThatThereWasNoAdvice) {
  const std::string plan =
      "optimize " + path("case") + " --beams 3 --solver lbfgs --quiet --out " + path("result.json");
  auto run = run_program(plan + " --advisor 127.0.0.1:9");
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_TRUE(contains(run.output, "rtmodel: without advice, or not with all of it: no host was reached"));
  std::filesystem::remove(path("result.json"));
  run = run_program(plan + " --advisor 127.0.0.1:9 --require-advice");
  EXPECT_EQ(run.exit_code, 5);
  EXPECT_TRUE(contains(run.output, "no host was reached"));
  const auto result = json::parse(read_file(path("result.json")));
  EXPECT_TRUE(contains(result["advice"]["missing"], "no host was reached"));
  EXPECT_EQ(run_program(plan + " --require-advice").exit_code, 1) << "nobody is asked";
  EXPECT_EQ(optimize("")["advice"]["missing"], nullptr);
}

TEST_F(Optimize, WarningsOfACaseStandInItsResult) {
  auto root = json::parse(read_file(path("case/case.json")));
  root["structures"][0]["prescription_gy"] = 2.0;
  root["structures"][1]["prescription_gy"] = 1.5;
  write_file(path("case/case.json"), root.dump());
  const auto run = run_program("optimize " + path("case") + " --beams 3 --solver lbfgs --out " + path("result.json"));
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_TRUE(contains(run.output, "warning: case.json structures[0].prescription_gy: is 2 Gy for PTV60"));
  EXPECT_TRUE(contains(json::parse(read_file(path("result.json")))["plan"]["notes"].dump(), "is 2 Gy for PTV60"));
}

TEST_F(Optimize, AnInterruptEndsThePlanAndStillWritesIt) {
  // dH's own way over all beamlets takes hundreds of iterations; the first line comes with the first of them.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    std::filesystem::remove(path("cut.json"));
    const auto run =
        run_program("optimize " + path("case") + " --full --solver dh --out " + path("cut.json"), "stage 0", signal);
    EXPECT_EQ(run.exit_code, 3) << signal << run.output;
    EXPECT_EQ(json::parse(read_file(path("cut.json")))["stop_reason"], "cancelled");
  }
}

}  // namespace
}  // namespace rtmodel::testing
