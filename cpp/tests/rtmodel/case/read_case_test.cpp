#include "case/read_case.h"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "case/nifti_volume.h"
#include "case/write_case.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {
namespace {

using nlohmann::json;

class ReadCase : public ::testing::Test {
 protected:
  void SetUp() override { write_case(folder_.path(), small_case()); }

  void edit(const std::function<void(json&)>& change) {
    auto root = json::parse(read_file(folder_.path() / "case.json"));
    change(root);
    write_file(folder_.path() / "case.json", root.dump());
  }
  std::string errors() { return texts(Finding::Severity::kError); }
  std::string warnings() { return texts(Finding::Severity::kWarning); }

  TemporaryFolder folder_;

 private:
  std::string texts(Finding::Severity severity) {
    std::string all;
    const auto reading = read_case(folder_.path());
    for (const auto& finding : reading.findings.list())
      if (finding.severity == severity) all += finding.text() + "\n";
    return all;
  }
};

TEST_F(ReadCase, GivesBackWhatWasWritten) {
  const Case written = small_case();
  const auto reading = read_case(folder_.path());
  ASSERT_TRUE(reading.value) << errors();
  const Case& value = *reading.value;
  EXPECT_EQ(value.id, "small");
  EXPECT_EQ(value.ct_hu, written.ct_hu);
  EXPECT_EQ(value.masks, written.masks);
  EXPECT_EQ(value.grid.size, written.grid.size);
  EXPECT_EQ(value.grid.origin_mm, written.grid.origin_mm);
  EXPECT_EQ(value.isocenter_mm, written.isocenter_mm);
  ASSERT_EQ(value.structures.size(), 4u);
  EXPECT_EQ(value.structures[0].name, "PTV60");
  EXPECT_EQ(value.structures[0].prescribed_dose_gy, 60.0);
  EXPECT_EQ(value.structures[3].role, CaseRole::kBody);
}

TEST_F(ReadCase, TellsAllFaultsAtOnce) {
  edit([](json& root) {
    root["structures"][0].erase("prescription_gy");
    root["structures"][1]["role"] = "organ";
    root["structures"][2]["bit"] = 99;
    root.erase("isocenter_mm");
  });
  const std::string all = errors();
  EXPECT_TRUE(contains(all, "structures[0].prescription_gy: is missing for the target PTV60"));
  EXPECT_TRUE(contains(all, "structures[1].role: is \"organ\"; give target, oar or body"));
  EXPECT_TRUE(contains(all, "structures[2].bit: is 99"));
  EXPECT_TRUE(contains(all, "isocenter_mm: is missing"));
}

TEST_F(ReadCase, FindsMissingFiles) {
  std::filesystem::remove(folder_.path() / "ct.nii.gz");
  std::filesystem::remove(folder_.path() / "structures.nii.gz");
  EXPECT_TRUE(contains(errors(), "ct.nii.gz: is missing"));
  EXPECT_TRUE(contains(errors(), "structures.nii.gz: is missing"));
  EXPECT_FALSE(read_case(folder_.path()).value);
}

TEST_F(ReadCase, FindsTruncatedGzip) {
  for (const char* name : {"ct.nii.gz", "structures.nii.gz"}) {
    const auto text = read_file(folder_.path() / name);
    // Only the checksum is gone: libnifti alone would not notice.
    write_file(folder_.path() / name, text.substr(0, text.size() - 4));
    EXPECT_TRUE(contains(errors(), std::string(name) + ": the gzip data end too early"));
  }
}

TEST_F(ReadCase, FindsDamagedGzip) {
  auto text = read_file(folder_.path() / "ct.nii.gz");
  for (std::size_t i = text.size() / 2; i < text.size() / 2 + 20; ++i) text[i] = static_cast<char>(~text[i]);
  write_file(folder_.path() / "ct.nii.gz", text);
  EXPECT_TRUE(contains(errors(), "ct.nii.gz: the gzip data"));
}

TEST_F(ReadCase, FindsAFileThatIsNoNifti) {
  write_file(folder_.path() / "ct.nii.gz", "not a volume");
  EXPECT_TRUE(contains(errors(), "ct.nii.gz: is not a complete NIfTI volume"));
}

TEST_F(ReadCase, FindsGridsThatDisagree) {
  edit([](json& root) {
    root["grid"]["spacing_mm"] = {5.0, 5.0, 2.5};
    root["grid"]["origin_mm"] = {-70.0, -70.0, 0.0};
  });
  EXPECT_TRUE(contains(errors(), "ct.nii.gz: has the spacing 5.000000 5.000000 5.000000, but case.json says"));
  EXPECT_TRUE(contains(errors(), "structures.nii.gz: has the origin"));
  edit([](json& root) { root["grid"]["size"] = {29, 29, 20}; });
  EXPECT_TRUE(contains(errors(), "ct.nii.gz: has the size 29 29 21, but case.json says 29 29 20"));
}

TEST_F(ReadCase, FindsTargetsThatAreMissingOrEmpty) {
  edit([](json& root) {
    root["structures"].erase(0);
    root["structures"].erase(0);
  });
  EXPECT_TRUE(contains(errors(), "has no target"));
  SetUp();
  edit([](json& root) { root["structures"][0]["bit"] = 9; });
  EXPECT_TRUE(contains(errors(), "structures.nii.gz: has no voxel of PTV60 (bit 9)"));
}

TEST_F(ReadCase, LetsOrgansBeEmpty) {
  edit([](json& root) { root["structures"][2]["bit"] = 9; });
  EXPECT_EQ(errors(), "");
  EXPECT_TRUE(contains(warnings(), "no voxel of SpinalCord (bit 9); the organ is left out"));
  EXPECT_TRUE(contains(warnings(), "voxels have bits of no structure"));
}

TEST_F(ReadCase, FindsDuplicatesAndTheMissingBody) {
  edit([](json& root) {
    root["structures"][1]["name"] = "PTV60";
    root["structures"][2]["bit"] = root["structures"][0]["bit"];
    root["structures"].erase(3);
  });
  EXPECT_TRUE(contains(errors(), "structures[1].name: \"PTV60\" is used twice"));
  EXPECT_TRUE(contains(errors(), "structures[2].bit: 1 is used twice"));
  EXPECT_TRUE(contains(errors(), "has 0 bodies"));
}

TEST_F(ReadCase, FindsImpossibleHu) {
  Case value = small_case();
  value.ct_hu[0] = -3024;
  write_ct(folder_.path() / "ct.nii.gz", value.grid, value.ct_hu);
  EXPECT_TRUE(contains(errors(), "1 voxels have impossible HU (-3024 to 0)"));
}

TEST_F(ReadCase, FindsAnInterceptLeftIn) {
  Case value = small_case();
  for (auto& hu : value.ct_hu) hu = static_cast<std::int16_t>(hu + 1024);
  write_ct(folder_.path() / "ct.nii.gz", value.grid, value.ct_hu);
  EXPECT_TRUE(contains(errors(), "has a median of 1024 HU inside the body"));
}

TEST_F(ReadCase, FindsWrongTypesOfVolume) {
  const Case value = small_case();
  write_masks(folder_.path() / "ct.nii.gz", value.grid, value.masks);
  write_ct(folder_.path() / "structures.nii.gz", value.grid, value.ct_hu);
  EXPECT_TRUE(contains(errors(), "ct.nii.gz: holds UINT16; store HU as INT16"));
  EXPECT_TRUE(contains(errors(), "structures.nii.gz: holds INT16; store the bit mask as UINT16"));
}

TEST_F(ReadCase, FindsAnIsocenterOutside) {
  edit([](json& root) { root["isocenter_mm"] = {0.0, 0.0, 400.0}; });
  EXPECT_TRUE(contains(errors(), "isocenter_mm: lies outside the grid"));
}

TEST_F(ReadCase, WarnsOfUnplannableCasesAndImplausibleCords) {
  edit([](json& root) {
    root["quality"]["plannable"] = false;
    root["quality"]["flags"] = {"spinal_cord_contour_implausible"};
  });
  EXPECT_TRUE(contains(warnings(), "quality.plannable: is false"));
  EXPECT_TRUE(contains(warnings(), "call the contour of SpinalCord implausible; it is not planned on"));
  const auto reading = read_case(folder_.path());
  ASSERT_TRUE(reading.value);
  EXPECT_FALSE(reading.value->is_plannable);
  EXPECT_TRUE(reading.value->structures[2].is_implausible);
}

TEST_F(ReadCase, SaysWhereJsonBreaks) {
  write_file(folder_.path() / "case.json", "{\"id\": \"x\",\n \"grid\": }");
  EXPECT_TRUE(contains(errors(), "line 2"));
  write_file(folder_.path() / "case.json", "[]");
  EXPECT_TRUE(contains(errors(), "case.json: is not an object"));
  std::filesystem::remove(folder_.path() / "case.json");
  EXPECT_TRUE(contains(errors(), "case.json: is missing"));
}

TEST(RequireCase, ThrowsAllFaults) {
  const TemporaryFolder folder;
  try {
    require_case(folder.path() / "nowhere");
    FAIL() << "no error";
  } catch (const InputError& fault) {
    EXPECT_TRUE(contains(fault.what(), "is not a folder; give the folder of a case"));
  }
}

}  // namespace
}  // namespace rtmodel::testing
