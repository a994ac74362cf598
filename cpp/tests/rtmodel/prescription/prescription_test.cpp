#include "prescription/prescription.h"

#include <gtest/gtest.h>

#include "case/finding.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {
namespace {

CaseStructure organ(const std::string& name, const std::string& tg263_name = "") {
  return {name, tg263_name, CaseRole::kOrgan, 0, {}, false};
}

std::string fault_of(const std::string& yaml) {
  try {
    Prescription::parse(yaml, "goals.yaml");
  } catch (const InputError& fault) {
    return fault.what();
  }
  return "none";
}

TEST(Prescription, ShippedHasTheGoalsOfDhsNotes) {
  const auto shipped = Prescription::shipped();
  const auto target = shipped.for_target(60.0);
  EXPECT_DOUBLE_EQ(target.weight, 2.5);
  EXPECT_DOUBLE_EQ(target.points[0].dose_gy, 60.0);
  EXPECT_NEAR(target.points[1].dose_gy, 70.0, 1e-4);
  const std::pair<const char*, double> weights[] = {{"SpinalCord", 2.5}, {"RightParotid", 0.15}, {"Larynx", 0.15}};
  for (const auto& [name, weight] : weights) {
    const auto goal = shipped.for_organ(organ(name));
    ASSERT_TRUE(goal.has_value()) << name;
    EXPECT_DOUBLE_EQ(goal->weight, weight) << name;
    EXPECT_DOUBLE_EQ(goal->points[1].dose_gy, 30.0) << name;
  }
  ASSERT_TRUE(shipped.normal_tissue.has_value());
  EXPECT_DOUBLE_EQ(shipped.normal_tissue->points[0].dose_gy, 10.0);
  EXPECT_DOUBLE_EQ(shipped.normal_tissue->points[1].dose_gy, 50.0);
}

TEST(Prescription, StandardHasTheDocumentedGoals) {
  const auto standard = Prescription::standard();
  const auto target = standard.for_target(70.0);
  EXPECT_DOUBLE_EQ(target.weight, 30.0);
  ASSERT_EQ(target.points.size(), 2u);
  EXPECT_DOUBLE_EQ(target.points[0].dose_gy, 70.0);
  EXPECT_DOUBLE_EQ(target.points[0].volume_fraction, 1.0);
  EXPECT_DOUBLE_EQ(target.points[1].dose_gy, 72.1);
  EXPECT_DOUBLE_EQ(target.points[1].volume_fraction, 0.0);
  struct Expected {
    const char* name;
    double limit_gy, weight;
  };
  for (const auto& expected : {Expected{"SpinalCord", 25, 1.5},
                               {"Brainstem", 30, 1},
                               {"RightParotid", 15, 1},
                               {"LeftParotid", 15, 1},
                               {"Larynx", 25, 0.5},
                               {"Esophagus", 25, 0.5},
                               {"Mandible", 35, 0.5}}) {
    const auto goal = standard.for_organ(organ(expected.name));
    ASSERT_TRUE(goal) << expected.name;
    EXPECT_DOUBLE_EQ(goal->points.back().dose_gy, expected.limit_gy) << expected.name;
    EXPECT_DOUBLE_EQ(goal->weight, expected.weight) << expected.name;
  }
  ASSERT_TRUE(standard.normal_tissue);
  EXPECT_DOUBLE_EQ(standard.normal_tissue->points.back().dose_gy, 20.0);
  EXPECT_DOUBLE_EQ(standard.shell_mm, 30.0);
}

TEST(Prescription, FindsOrgansByEitherNameWhateverTheCapitals) {
  const auto standard = Prescription::standard();
  bool is_listed = false;
  standard.for_organ(organ("parotis links", "PAROTID_L"), &is_listed);
  EXPECT_TRUE(is_listed);
  EXPECT_TRUE(standard.for_organ(organ("Cochlea"), &is_listed));
  EXPECT_FALSE(is_listed);
  EXPECT_FALSE(Prescription::parse("version: 1\n", "x").for_organ(organ("Cochlea")));
}

TEST(Prescription, ReadsDoseVolumeCurves) {
  const auto own = Prescription::parse(
      "version: 1\norgans:\n  - { names: [Lung_L], points: [[0, 1], [20, 0.3], [40, 0]], weight: 2 }\n", "x");
  const auto goal = own.for_organ(organ("lung_l"));
  ASSERT_TRUE(goal);
  ASSERT_EQ(goal->points.size(), 3u);
  EXPECT_DOUBLE_EQ(goal->points[1].volume_fraction, 0.3);
}

TEST(Prescription, NamesTheLineOfAFault) {
  const std::string organs = "version: 1\norgans:\n  - ";
  EXPECT_TRUE(contains(fault_of("version: 2\n"), "goals.yaml:1: version is not 1"));
  EXPECT_TRUE(
      contains(fault_of("version: 1\ntarget: {}\n"), "goals.yaml:2: the prescription has the unknown key \"target\""));
  EXPECT_TRUE(contains(fault_of("version: 1\ntargets:\n  lower: 1.1\n  upper: 1.0\n"), "upper must be above lower"));
  EXPECT_TRUE(contains(fault_of("version: 1\ntargets:\n  weight: heavy\n"), "goals.yaml:3: weight is not a number"));
  EXPECT_TRUE(contains(fault_of("version: 1\ntargets:\n  weight: .nan\n"), "goals.yaml:3: weight is not a number"));
  EXPECT_TRUE(contains(fault_of(organs + "{ interval_gy: [0, 5], weight: 1 }\n"),
                       "goals.yaml:3: the organ has no list of names"));
  EXPECT_TRUE(
      contains(fault_of(organs + "{ names: [A], weight: 1 }\n"), "goals.yaml:3: A needs either interval_gy or points"));
  EXPECT_TRUE(contains(fault_of(organs + "{ names: [A], interval_gy: [9, 5], weight: 1 }\n"), "doses must rise"));
  EXPECT_TRUE(contains(fault_of(organs + "{ names: [A], interval_gy: [0, 5] }\n"), "A has no weight"));
  EXPECT_TRUE(
      contains(fault_of(organs + "{ names: [A], interval_gy: [0, 5], weight: -1 }\n"), "A.weight is not a number in"));
  EXPECT_TRUE(
      contains(fault_of(organs + "{ names: [A], points: [[0, 1], [5, 0.5]], weight: 1 }\n"), "the last one's 0"));
  EXPECT_TRUE(
      contains(fault_of(organs + "{ names: [A], points: [[0, 0.2], [5, 0.5]], weight: 1 }\n"), "must not rise"));
  EXPECT_TRUE(contains(fault_of("version: 1\nversion: 1\n"), "twice"));
  EXPECT_TRUE(contains(fault_of("version: [1\n"), "goals.yaml:2:"));
}

TEST(Prescription, RefusesTwoGoalsForOneName) {
  const std::string goal = ", interval_gy: [0, 5], weight: 1 }\n";
  EXPECT_TRUE(contains(fault_of("version: 1\norgans:\n  - { names: [Core]" + goal + "  - { names: [A, core]" + goal),
                       "goals.yaml:4: \"core\" has a goal in line 3 already (capitals are ignored); keep one"));
  EXPECT_TRUE(contains(fault_of("version: 1\norgans:\n  - { names: [Core, CORE]" + goal), "has a goal in line 3"));
}

TEST(Prescription, NamesTheLineOfWhatHasTheWrongType) {
  const std::string goal = ", interval_gy: [0, 5], weight: 1 }\n";
  EXPECT_TRUE(
      contains(fault_of("version: 1\norgans:\n  - { names: [[A]]" + goal), "goals.yaml:3: the name \"\" is not"));
  EXPECT_TRUE(contains(fault_of("version: 1\norgans:\n  - { names: [\"a\\nb\"]" + goal), "control character"));
  EXPECT_TRUE(contains(fault_of("version: [1]\n"), "goals.yaml:1: version is not 1"));
  EXPECT_TRUE(contains(fault_of("- 1\n"), "goals.yaml:1: the prescription is not a map"));
  EXPECT_TRUE(contains(fault_of(""), "goals.yaml:1: the prescription is not a map"));
  EXPECT_TRUE(contains(fault_of("version: 1\n[1]: 2\n"), "has the unknown key"));
  EXPECT_TRUE(contains(fault_of("version: *nobody\n"), "goals.yaml:1: "));
  EXPECT_TRUE(contains(fault_of(std::string(100000, '[')), "goals.yaml:1: "));
  std::string points = "[0, 1]";
  for (int i = 1; i <= 1000; ++i) points += ", [" + std::to_string(0.1 * i) + ", 0]";
  EXPECT_TRUE(contains(fault_of("version: 1\nother_organs: { weight: 1, points: [" + points + "] }\n"),
                       "has 1001 points; give 1000 at most"));
}

TEST(Prescription, TellsGoalsThatNoStructureUses) {
  const TemporaryFolder folder;
  const std::string goal = ", interval_gy: [0, 5], weight: 1 }\n";
  write_file(folder.path() / "goals.yaml", "version: 1\norgans:\n  - { names: [Liver]" + goal + "  - { names: [ptv60]" +
                                               goal + "  - { names: [spinalcord]" + goal);
  const auto told = Prescription::read(folder.path() / "goals.yaml").contradictions(small_case());
  ASSERT_EQ(told.size(), 2u);
  EXPECT_TRUE(contains(told[0], "goals.yaml: the goal of Liver is used by no structure of the case"));
  EXPECT_TRUE(contains(told[1], "the goal of ptv60 is not used: PTV60 is no organ"));
  EXPECT_TRUE(Prescription::standard().contradictions(small_case()).empty()) << "the built-in goals are for all";
  Case value = small_case();
  value.structures[2].name = "Cord";
  write_file(folder.path() / "goals.yaml",
             "version: 1\norgans:\n  - { names: [Cord]" + goal + "  - { names: [SpinalCord]" + goal);
  EXPECT_TRUE(contains(Prescription::read(folder.path() / "goals.yaml").contradictions(value).at(0),
                       "Cord has 2 goals, by its name and its TG-263 name; the first is taken"));
}

TEST(Prescription, ReadsAFileAndNamesAMissingOne) {
  const TemporaryFolder folder;
  write_file(folder.path() / "goals.yaml", "version: 1\ntargets: { weight: 7 }\n");
  EXPECT_DOUBLE_EQ(Prescription::read(folder.path() / "goals.yaml").target_weight, 7.0);
  EXPECT_THROW(Prescription::read(folder.path() / "missing.yaml"), InputError);
}

}  // namespace
}  // namespace rtmodel::testing
