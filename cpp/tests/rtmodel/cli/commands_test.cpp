#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "case/write_case.h"
#include "rtmodel/cli/program.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {
namespace {

using nlohmann::json;

class Commands : public ::testing::Test {
 protected:
  void SetUp() override { write_case(folder_.path() / "case", small_case()); }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  TemporaryFolder folder_;
};

TEST_F(Commands, HelpNamesEveryCommandAndSaysWhatThisIs) {
  const auto run = run_program("--help");
  EXPECT_EQ(run.exit_code, 0);
  for (const char* part :
       {"check", "info", "phantom", "optimize", "collect", "plot", "Research software", "Exit status"})
    EXPECT_TRUE(contains(run.output, part));
}

TEST_F(Commands, UsageFaultsEndWith2) {
  EXPECT_EQ(run_program("").exit_code, 2);
  EXPECT_EQ(run_program("optimise x").exit_code, 2);
  EXPECT_EQ(run_program("optimize " + path("case") + " --solver newton").exit_code, 2);
  EXPECT_EQ(run_program("optimize " + path("case") + " --full --window-mm 10").exit_code, 2);
  EXPECT_EQ(run_program("optimize " + path("case") + " --advice-mode shadow").exit_code, 2) << "needs --advisor";
}

TEST_F(Commands, AnUnknownCommandIsNamedWithTheOneMeant) {
  auto run = run_program("bogus");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_TRUE(contains(run.output, "there is no command \"bogus\"; give one of check, info, phantom"));
  run = run_program("optimise x");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_TRUE(contains(run.output, "there is no command \"optimise\"; did you mean optimize?"));
}

TEST_F(Commands, HelpSaysWhatTheNumbersAre) {
  const auto help = run_program("optimize --help").output;
  EXPECT_TRUE(contains(help, "15, or 10 beside F"));
  EXPECT_TRUE(contains(help, "as many as its size is"));
}

TEST_F(Commands, NoInputIsAFaultOfTheProgram) {
  write_file(path("latin.yaml"),
             "version: 1 # R\xFC"
             "ck\n");
  write_file(path("types.json"), R"({"format": 3, "version": [], "final_weights": "x"})");
  write_file(path("number.json"), R"({"format": 1e999})");
  const std::string plan = "optimize " + path("case") + " ", none = std::string(5000, 'x');
  for (const auto& arguments : {plan + "--prescription " + path("latin.yaml"),
                                plan + "--prescription " + path("case"),
                                plan + "--prescription " + none,
                                plan + "--beams " + path("latin.yaml"),
                                plan + "--beams " + none,
                                plan + "--beams " + path("case"),
                                plan + "--start-from " + path("types.json"),
                                plan + "--start-from " + path("number.json"),
                                plan + "--start-from " + path("case"),
                                plan + "--out " + none,
                                plan + "--out " + path("case"),
                                plan + "--plot " + none,
                                "check " + none,
                                "info " + none,
                                "optimize " + none,
                                "collect " + none + " --out " + path("out"),
                                "collect " + path("") + " --out " + none,
                                "phantom --kind c-shape " + none,
                                "phantom --kind c-shape " + path("types.json"),
                                "plot " + path("types.json") + " --out " + path("out"),
                                "plot " + path("case") + " --out " + path("out"),
                                "check " + path("case") + " --prescription " + path("latin.yaml")}) {
    const auto run = run_program(arguments);
    EXPECT_EQ(run.exit_code, 1) << arguments.substr(0, 200) << "\n" << run.output;
    EXPECT_FALSE(contains(run.output, "unexpected fault")) << arguments.substr(0, 200);
    EXPECT_LT(run.output.size(), 1500u) << "long names are cut";
  }
}

TEST_F(Commands, CheckComparesAPrescriptionWithTheCase) {
  write_file(path("goals.yaml"), "version: 1\norgans:\n  - { names: [Liver], interval_gy: [0, 5], weight: 1 }\n");
  const auto run = run_program("check " + path("case") + " --prescription " + path("goals.yaml"));
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_TRUE(contains(run.output, "goals.yaml: the goal of Liver is used by no structure of the case"));
}

TEST_F(Commands, CheckSumsUpAGoodCase) {
  const auto run = run_program("check " + path("case"));
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_TRUE(contains(run.output, "case small: 29 x 29 x 21 voxels"));
  EXPECT_TRUE(contains(run.output, "60 Gy"));
}

TEST_F(Commands, CheckNamesAllFaultsOfABadCase) {
  std::filesystem::remove(folder_.path() / "case" / "ct.nii.gz");
  auto root = json::parse(read_file(folder_.path() / "case" / "case.json"));
  root["structures"][0].erase("prescription_gy");
  write_file(folder_.path() / "case" / "case.json", root.dump());
  const auto run = run_program("check " + path("case"));
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(contains(run.output, "error: ct.nii.gz: is missing; put the file into the case folder"));
  EXPECT_TRUE(contains(run.output, "prescription_gy: is missing for the target PTV60"));
  EXPECT_TRUE(contains(run.output, "2 errors"));
}

TEST_F(Commands, PhantomWritesACaseThatChecks) {
  EXPECT_EQ(run_program("phantom --kind c-shape --seed 3 --targets 2 " + path("made")).exit_code, 0);
  EXPECT_EQ(run_program("check " + path("made")).exit_code, 0);
  const auto bad = run_program("phantom --kind torus " + path("torus"));
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_TRUE(contains(bad.output, "there is no phantom \"torus\"; take c-shape, prostate or head-neck"));
}

TEST_F(Commands, InfoDescribesTheProblem) {
  write_file(folder_.path() / "beams.yaml", "beams: [{ gantry_deg: 0 }, { gantry_deg: 90, couch_deg: 10 }]\n");
  const auto run = run_program("info " + path("case") + " --full --beamlet-mm 10 --beams " + path("beams.yaml"));
  ASSERT_EQ(run.exit_code, 0) << run.output;
  const auto info = json::parse(run.output);
  EXPECT_EQ(info["gantry_couch_deg"], json::parse("[[0.0, 0.0], [90.0, 10.0]]"));
  EXPECT_EQ(info["beamlets"].get<int>(), 2 * info["columns"].get<int>() * info["rows"].get<int>());
  EXPECT_EQ(info["structures"].size(), 4u);
}

TEST_F(Commands, WarningsOfACaseReachThePlan) {
  auto root = json::parse(read_file(folder_.path() / "case" / "case.json"));
  root["quality"]["plannable"] = false;
  write_file(folder_.path() / "case" / "case.json", root.dump());
  const auto run = run_program("info " + path("case"));
  ASSERT_EQ(run.exit_code, 0) << run.output;
  const std::string warning = "warning: case.json quality.plannable: is false";
  EXPECT_TRUE(contains(run.output, warning));
  EXPECT_TRUE(contains(json::parse(run.output.substr(run.output.find("\n{") + 1))["notes"].dump(),
                       "quality.plannable: is false"));
}

TEST_F(Commands, FilesThatAreWrongAreNamedWithTheirLine) {
  write_file(folder_.path() / "goals.yaml", "version: 1\ntargets:\n  weight: heavy\n");
  auto run = run_program("info " + path("case") + " --prescription " + path("goals.yaml"));
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(contains(run.output, "goals.yaml:3: weight is not a number"));
  run = run_program("info " + path("case") + " --beams " + path("missing.yaml"));
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(contains(run.output, "missing.yaml: can't be read"));
  run = run_program("optimize " + path("case") + " --stages 0:2.5");
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(contains(run.output, "is not LEVEL:SIGMA_GY:ITERATIONS"));
}

}  // namespace
}  // namespace rtmodel::testing
