#include "geometry/beam_set.h"

#include <gtest/gtest.h>

#include "case/finding.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {
namespace {

class ReadBeams : public ::testing::Test {
 protected:
  std::string fault_of(const std::string& text) {
    write_file(folder_.path() / "beams.yaml", text);
    try {
      read_beams(folder_.path() / "beams.yaml");
    } catch (const InputError& fault) {
      return fault.what();
    }
    return "none";
  }
  TemporaryFolder folder_;
};

TEST(EquispacedBeams, StartAtZero) {
  const auto beams = equispaced_beams(9);
  ASSERT_EQ(beams.size(), 9u);
  EXPECT_DOUBLE_EQ(beams[0].gantry_deg, 0.0);
  EXPECT_DOUBLE_EQ(beams[8].gantry_deg, 320.0);
  EXPECT_THROW(equispaced_beams(0), InputError);
  EXPECT_THROW(equispaced_beams(73), InputError);
}

TEST_F(ReadBeams, ReadsYamlAndJson) {
  write_file(folder_.path() / "a.yaml", "beams:\n  - { gantry_deg: 40 }\n  - { gantry_deg: 300, couch_deg: 20 }\n");
  const auto beams = read_beams(folder_.path() / "a.yaml");
  ASSERT_EQ(beams.size(), 2u);
  EXPECT_DOUBLE_EQ(beams[1].couch_deg, 20.0);
  write_file(folder_.path() / "a.json", R"({"beams": [{"gantry_deg": 15.5}]})");
  EXPECT_DOUBLE_EQ(read_beams(folder_.path() / "a.json").at(0).gantry_deg, 15.5);
}

TEST_F(ReadBeams, NamesTheLineOfAFault) {
  EXPECT_TRUE(contains(fault_of("beams:\n  - { gantry_deg: 40 }\n  - { gantry_deg: 400 }\n"),
                       "beams.yaml:3: gantry_deg is not"));
  EXPECT_TRUE(contains(fault_of("beams:\n  - { couch_deg: 40 }\n"), "beams.yaml:2: gantry_deg is missing"));
  EXPECT_TRUE(contains(fault_of("beams:\n  - { gantry_deg: 40, table: 3 }\n"), "beams.yaml:2: unknown key table"));
  EXPECT_TRUE(contains(fault_of("beams: [\n"), "beams.yaml:2:"));
  EXPECT_TRUE(contains(fault_of("angles: []\n"), "has no list `beams:`"));
  EXPECT_TRUE(contains(fault_of("beams: []\n"), "has 0 beams"));
  EXPECT_TRUE(contains(fault_of("beams:\n  - { [1]: 40 }\n"), "beams.yaml:2: unknown key"));
  EXPECT_TRUE(contains(fault_of("beams: *nobody\n"), "beams.yaml:1: "));
  EXPECT_TRUE(contains(fault_of("beams:\n  - { gantry_deg: R\xFC }\n"), "beams.yaml: is not UTF-8: line 2"));
  std::string many = "beams:\n";
  for (int i = 0; i < 100000; ++i) many += "- { gantry_deg: 1 }\n";
  EXPECT_TRUE(contains(fault_of(many), "has 100000 beams; give 1 to 72"));
}

TEST_F(ReadBeams, NamesAFileThatIsMissing) { EXPECT_THROW(read_beams(folder_.path() / "missing.yaml"), InputError); }

}  // namespace
}  // namespace rtmodel::testing
