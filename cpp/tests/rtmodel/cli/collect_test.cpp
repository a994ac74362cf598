#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "case/write_case.h"
#include "rtmodel/cli/program.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const std::string kFast = " --beams 3 --beamlet-mm 10 --solver lbfgs";

class Collect : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"train/a", "train/b", "c"}) write_case(folder_.path() / "cases" / name, small_case());
  }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  json result(const std::string& name) const { return json::parse(read_file(path("out/" + name))); }

  ProgramRun collect(const std::string& options, const std::string& interrupt_at = "", int signal = SIGINT) const {
    return run_program("collect " + path("cases") + " --out " + path("out") + " " + options, interrupt_at, signal);
  }

  /// Files below the folder of results, but the one of options.
  std::vector<std::string> results() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path() / "out"))
      if (entry.is_regular_file() && entry.path().filename() != "collect.ini")
        names.push_back(fs::relative(entry.path(), folder_.path() / "out").generic_string());
    std::sort(names.begin(), names.end());
    return names;
  }

  TemporaryFolder folder_;
};

using Names = std::vector<std::string>;

TEST_F(Collect, PlansEveryCaseAsOptimizeWould) {
  const auto run = collect("--jobs 2" + kFast);
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_EQ(results(), (Names{"c.json", "train/a.json", "train/b.json"}));
  EXPECT_TRUE(contains(run.output, "3 cases: 3 planned, 0 already there, 0 not plannable, 0 failed"));
  EXPECT_TRUE(contains(run.output, "train/a: F_ref ")) << "a line a plan where there is no terminal";
  ASSERT_EQ(run_program("optimize " + path("cases/c") + " --quiet --out " + path("alone.json") + kFast).exit_code, 0);
  EXPECT_EQ(result("train/a.json")["final_weights"], json::parse(read_file(path("alone.json")))["final_weights"]);
}

TEST_F(Collect, PlansCasesBehindLinksUnderTheNameOfTheLink) {
  fs::create_directory(folder_.path() / "links");
  fs::create_directory_symlink(folder_.path() / "cases/train/a", folder_.path() / "links/linked");
  const auto run = run_program("collect " + path("links") + "/ --out " + path("out") + kFast);
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_EQ(results(), Names{"linked.json"});
  EXPECT_FALSE(fs::exists(folder_.path() / "cases/train/a.json")) << "beside the link's target";
}

TEST_F(Collect, GoesOnWhereItWas) {
  ASSERT_EQ(collect(kFast).exit_code, 0);
  fs::remove(folder_.path() / "out/train/a.json");
  const auto kept = fs::last_write_time(folder_.path() / "out/c.json");
  const auto run = collect(kFast);
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_TRUE(contains(run.output, "1 planned, 2 already there"));
  EXPECT_EQ(fs::last_write_time(folder_.path() / "out/c.json"), kept);
}

TEST_F(Collect, RefusesToMixResultsOfOtherOptions) {
  ASSERT_EQ(collect(kFast).exit_code, 0);
  const auto run = collect(kFast + " --max-iterations 7");
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(contains(run.output, "holds results of other options"));
  EXPECT_EQ(collect(kFast + " --jobs 2 --advisor 127.0.0.1:9").exit_code, 0) << "these shape no result";
}

TEST_F(Collect, NamesTheCasesThatFailAndPlansTheOthers) {
  fs::remove(folder_.path() / "cases/train/a/ct.nii.gz");
  write_file(folder_.path() / "cases/c/case.json", "{ not json");
  const auto run = collect("--jobs 2" + kFast);
  EXPECT_EQ(run.exit_code, 1) << run.output;
  EXPECT_EQ(results(), Names{"train/b.json"}) << "and no unfinished file";
  EXPECT_TRUE(contains(run.output, "1 planned, 0 already there, 0 not plannable, 2 failed"));
  EXPECT_TRUE(contains(run.output, "rtmodel: train/a: ct.nii.gz: is missing"));
  EXPECT_TRUE(contains(run.output, "rtmodel: c: case.json"));
}

TEST_F(Collect, LeavesOutCasesThatAreNotPlannable) {
  const auto file = folder_.path() / "cases/c/case.json";
  auto root = json::parse(read_file(file));
  root["quality"]["plannable"] = false;
  write_file(file, root.dump());
  const auto run = collect(kFast);
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_TRUE(contains(run.output, "3 cases: 2 planned, 0 already there, 1 not plannable"));
  EXPECT_TRUE(contains(collect(kFast + " --all").output, "1 planned, 2 already there, 0 not plannable"));
}

TEST_F(Collect, PlansVariants) {
  const auto run = collect("--variants beams=2,beams=4+max-iterations=3" + kFast);
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_EQ(results().size(), 6u);
  EXPECT_EQ(result("c@beams=2.json")["plan"]["beams"].size(), 2u);
  EXPECT_EQ(result("train/b@beams=4+max-iterations=3.json")["options"]["max_iterations"], 3);
  for (const char* wrong :
       {"beam=2", "beams", "beams=2,beams=2", "solver=newton", "beamlet-mm=wide", "beams=none.yaml"})
    EXPECT_EQ(collect("--variants " + std::string(wrong) + kFast).exit_code, 1) << wrong;
}

TEST_F(Collect, AnInterruptKeepsWhatIsFinishedAndTheNextCallGoesOn) {
  // The first plan takes a moment, dH's own way over all of many small beamlets far longer than any signal.
  const std::string options = "--full --beamlet-mm 2.5 --variants solver=lbfgs+max-iterations=2,solver=dh";
  for (const int signal : {SIGTERM, SIGHUP}) {
    EXPECT_EQ(collect(options, "F_ref", signal).exit_code, 3);
    EXPECT_EQ(results(), Names{"c@solver=lbfgs+max-iterations=2.json"}) << signal;
    fs::remove_all(folder_.path() / "out");
  }
  const auto run = collect(options, "F_ref");
  EXPECT_EQ(run.exit_code, 3) << run.output;
  EXPECT_EQ(results(), Names{"c@solver=lbfgs+max-iterations=2.json"}) << run.output;
  EXPECT_TRUE(contains(run.output, "interrupted"));
  EXPECT_TRUE(contains(run.output, "0 failed"));
}

TEST_F(Collect, AsksForTheAdvisorBeforeItPlans) {
  const auto run = collect(kFast + " --advisor 127.0.0.1:9");
  EXPECT_EQ(run.exit_code, 1) << run.output;
  EXPECT_TRUE(contains(run.output, "no advisor at 127.0.0.1:9: Connection refused; start the host"));
  EXPECT_EQ(results(), Names{});
  const auto both = collect(kFast + " --advisor 127.0.0.1:9 --without-advice-too");
  EXPECT_EQ(both.exit_code, 0) << both.output;
  EXPECT_TRUE(contains(both.output, "3 planned without a whole session of the advisor"));
}

TEST_F(Collect, SaysWhenSessionsAreMissing) {
  // Listens, and never says a word: whoever connects gets no session.
  const int silent = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof at;
  ASSERT_EQ(bind(silent, reinterpret_cast<sockaddr*>(&at), length), 0);
  ASSERT_EQ(listen(silent, 8), 0);
  getsockname(silent, reinterpret_cast<sockaddr*>(&at), &length);
  const std::string options = kFast + " --advisor 127.0.0.1:" + std::to_string(ntohs(at.sin_port));
  for (int call = 0; call < 2; ++call) {
    const auto run = collect(options);
    EXPECT_EQ(run.exit_code, 5) << run.output;
    EXPECT_TRUE(contains(run.output, "the advisor gave no session to any plan so far: no more are made"));
    EXPECT_TRUE(contains(run.output, "1 planned, 0 already there")) << "a plan without its session is made again";
    EXPECT_EQ(results(), Names{"c.json"});
  }
  close(silent);
}

TEST_F(Collect, TellsTheWarningsOfCases) {
  const auto file = folder_.path() / "cases/c/case.json";
  auto root = json::parse(read_file(file));
  root["structures"][0]["prescription_gy"] = 2.0;
  root["structures"][1]["prescription_gy"] = 1.5;
  write_file(file, root.dump());
  EXPECT_TRUE(contains(collect(kFast).output, "c: warning: case.json structures[0].prescription_gy: is 2 Gy"));
}

TEST_F(Collect, SaysWhenThereIsNothingToPlan) {
  auto run = run_program("collect " + path("nowhere") + " --out " + path("out"));
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(contains(run.output, "is no folder"));
  fs::create_directory(folder_.path() / "empty");
  run = run_program("collect " + path("empty") + " --out " + path("out"));
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(contains(run.output, "holds no folder with a case.json"));
  write_file(folder_.path() / "file", "");
  run = run_program("collect " + path("cases") + " --out " + path("file/out") + kFast);
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(contains(run.output, "can't be made"));
  EXPECT_EQ(collect(kFast + " --patient-key x").exit_code, 2) << "of one plan, not of many";
}

}  // namespace
}  // namespace rtmodel::testing
