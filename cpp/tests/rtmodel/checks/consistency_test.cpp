#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "case/read_case.h"
#include "case/write_case.h"
#include "phantom/make_phantom.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {
namespace {

/// What reading a case says, a line each: `error: ` or `warning: ` and the finding.
std::string findings_of(const Case& value) {
  const TemporaryFolder folder;
  write_case(folder.path(), value);
  std::string all;
  const auto reading = read_case(folder.path());
  for (const auto& finding : reading.findings.list())
    all += (finding.severity == Finding::Severity::kError ? "error: " : "warning: ") + finding.text() + "\n";
  return all;
}

enum Structure { kPtv60, kPtv50, kCord, kBody };

Mask bit_of(const Case& value, Structure structure) { return Mask{1} << value.structures[structure].bit; }

/// The CT moved by whole voxels; air comes in.
void move_ct(Case& value, int x, int y, int z) {
  const auto before = value.ct_hu;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto at = value.grid.coordinates(static_cast<int>(i));
    const bool is_there = value.grid.contains(at[0] - x, at[1] - y, at[2] - z);
    value.ct_hu[i] = is_there ? before[value.grid.index(at[0] - x, at[1] - y, at[2] - z)] : std::int16_t{-1000};
  }
}

void mirror_ct(Case& value, int axis) {
  const auto before = value.ct_hu;
  for (std::size_t i = 0; i < before.size(); ++i) {
    auto at = value.grid.coordinates(static_cast<int>(i));
    at[axis] = value.grid.size[axis] - 1 - at[axis];
    value.ct_hu[i] = before[value.grid.index(at[0], at[1], at[2])];
  }
}

void map_ct(Case& value, double scale, double offset) {
  for (auto& hu : value.ct_hu) hu = static_cast<std::int16_t>(scale * hu + offset);
}

TEST(Consistency, SaysNothingOfPhantoms) {
  for (const auto kind : {PhantomKind::kCShape, PhantomKind::kProstate, PhantomKind::kHeadNeck})
    for (std::uint64_t seed = 1; seed <= 5; ++seed) EXPECT_EQ(findings_of(make_phantom(kind, seed)), "");
  EXPECT_EQ(findings_of(small_case()), "");
}

TEST(Consistency, FindsStructuresOutsideTheBody) {
  Case value = small_case();
  for (std::size_t i = 0; i < value.masks.size(); ++i)
    if (value.grid.center_mm(static_cast<int>(i))[0] > 0.0) value.masks[i] &= ~bit_of(value, kBody);
  EXPECT_TRUE(contains(findings_of(value), "of PTV60 lies outside the body")) << "a good part of it";
  for (auto& mask : value.masks)
    if ((mask & bit_of(value, kPtv60)) != 0) mask &= ~bit_of(value, kBody);
  EXPECT_TRUE(contains(findings_of(value), "error: structures.nii.gz: 100 % of PTV60 lies outside the body"));
  value = small_case();
  for (auto& mask : value.masks)
    if ((mask & bit_of(value, kCord)) != 0) mask &= ~bit_of(value, kBody);
  EXPECT_TRUE(contains(findings_of(value), "warning: structures.nii.gz: 100 % of SpinalCord lies outside the body"));
}

TEST(Consistency, FindsATargetInAir) {
  Case value = small_case();
  for (std::size_t i = 0; i < value.masks.size(); ++i)
    if (value.is_in(value.structures[kPtv60], i)) value.ct_hu[i] = -1000;
  EXPECT_TRUE(contains(findings_of(value), "error: structures.nii.gz: 100 % of PTV60 is air in the CT"));
}

TEST(Consistency, FindsACtThatIsMoved) {
  for (int axis = 0; axis < 3; ++axis) {
    Case value = small_case();
    move_ct(value, axis == 0 ? 3 : 0, axis == 1 ? 3 : 0, axis == 2 ? 3 : 0);
    const auto all = findings_of(value);
    EXPECT_TRUE(contains(all, "error: ct.nii.gz: and the contours do not match")) << axis;
    EXPECT_TRUE(contains(all, "15")) << "mm";
  }
  Case value = make_phantom(PhantomKind::kHeadNeck, 1);
  move_ct(value, 1, 0, 0);
  EXPECT_TRUE(contains(findings_of(value), "warning: ct.nii.gz: ")) << "also by one voxel";
}

TEST(Consistency, FindsACtThatIsMirrored) {
  Case value = make_phantom(PhantomKind::kHeadNeck, 1);
  mirror_ct(value, 2);
  EXPECT_TRUE(
      contains(findings_of(value), "error: ct.nii.gz: and the contours are mirrored against each other along z"));
  value = make_phantom(PhantomKind::kHeadNeck, 1);
  mirror_ct(value, 1);
  EXPECT_TRUE(contains(findings_of(value), "mirrored against each other along y"));
}

TEST(Consistency, FindsSidesThatAreSwapped) {
  Case value = make_phantom(PhantomKind::kHeadNeck, 1);
  const auto before = value.masks;
  for (std::size_t i = 0; i < before.size(); ++i) {
    auto at = value.grid.coordinates(static_cast<int>(i));
    at[0] = value.grid.size[0] - 1 - at[0];
    value.masks[i] = before[value.grid.index(at[0], at[1], at[2])];
  }
  EXPECT_TRUE(
      contains(findings_of(value), "warning: structures.nii.gz: LeftParotid lies to the right of RightParotid"));
  value = make_phantom(PhantomKind::kProstate, 1);
  for (auto& structure : value.structures) {
    if (structure.name == "FemoralHead_R") structure.name = "femoral head left";
    if (structure.name == "FemoralHead_L") structure.name = "femoral head right";
  }
  EXPECT_TRUE(contains(findings_of(value), "femoral head left lies to the right of femoral head right"));
}

TEST(Consistency, FindsVolumesThatAreNoHu) {
  const Case good = small_case();
  struct Wrong {
    const char* name;
    double scale, offset;
    const char* said;
  };
  for (const auto& wrong : {Wrong{"all zero", 0.0, 0.0, "has the same value everywhere, 0"},
                            {"constant", 0.0, 40.0, "has the same value everywhere, 40"},
                            {"unsigned, offset 1024", 1.0, 1024.0, "has a median of 1024 HU inside the body"},
                            {"grey values", 0.1, 100.0, "has a median of"},
                            {"densities", 0.001, 1.0, "which look like densities or labels"},
                            {"density in mg/cc", 1.0, 1000.0, "has a median of 1000 HU inside the body"},
                            {"tenths", 0.1, 0.0, "has a median of -100 HU outside the body"}}) {
    Case value = good;
    map_ct(value, wrong.scale, wrong.offset);
    EXPECT_TRUE(contains(findings_of(value), wrong.said)) << wrong.name;
    EXPECT_TRUE(contains(findings_of(value), "error: ct.nii.gz")) << wrong.name;
  }
}

TEST(Consistency, FindsALabelMap) {
  Case value = small_case();
  for (std::size_t i = 0; i < value.masks.size(); ++i) {
    Mask label = 0;
    for (const Structure structure : {kBody, kPtv50, kPtv60, kCord})
      if (value.is_in(value.structures[structure], i)) label = static_cast<Mask>(structure) + 1;
    value.masks[i] = label;
  }
  for (std::size_t s = 0; s < value.structures.size(); ++s) value.structures[s].bit = static_cast<int>(s);
  EXPECT_TRUE(contains(findings_of(value), "error: structures.nii.gz: looks like a label map, not a bit mask"));
  // One bit a voxel, the body without what is in it.
  value = small_case();
  for (auto& mask : value.masks)
    if ((mask & ~bit_of(value, kBody)) != 0) mask &= ~bit_of(value, kBody);
  const auto all = findings_of(value);
  EXPECT_TRUE(contains(all, "of PTV60 lies outside the body; make the body contain it"));
}

TEST(Consistency, FindsPrescriptionsOfOneFractionAndBeyondAnyCourse) {
  Case value = small_case();
  value.structures[kPtv60].prescribed_dose_gy = 2.0;
  value.structures[kPtv50].prescribed_dose_gy = 100.0;
  const auto all = findings_of(value);
  EXPECT_TRUE(contains(all, "warning: case.json structures[0].prescription_gy: is 2 Gy for PTV60, as of one fraction"));
  EXPECT_TRUE(contains(all, "is 100 Gy for PTV50, more than courses have; give Gy, and neither per cent nor cGy"));
}

TEST(Consistency, FindsCopiesUnderAnotherName) {
  Case value = small_case();
  for (auto& mask : value.masks) {
    mask &= ~bit_of(value, kCord);
    if ((mask & bit_of(value, kPtv50)) != 0) mask |= bit_of(value, kCord);
  }
  EXPECT_TRUE(contains(findings_of(value), "warning: structures.nii.gz: PTV50 and SpinalCord have the same voxels"));
}

TEST(Consistency, FindsAnIsocenterOutsideTheBody) {
  Case value = small_case();
  value.isocenter_mm = {65.0, 0.0, 0.0};
  EXPECT_TRUE(contains(findings_of(value), "warning: case.json isocenter_mm: lies outside the body"));
}

TEST(Consistency, FindsMasksOfAnotherCase) {
  const TemporaryFolder folder;
  write_case(folder.path(), small_case());
  auto root = nlohmann::json::parse(read_file(folder.path() / "case.json"));
  root["structures"][0]["voxels"] = 999;
  root["frame"] = "RAS mm";
  root["ct"]["air"] = 0;
  write_file(folder.path() / "case.json", root.dump());
  std::string all;
  const auto reading = read_case(folder.path());
  for (const auto& finding : reading.findings.list()) all += finding.text() + "\n";
  EXPECT_TRUE(contains(all, "voxels of PTV60, but case.json says 999"));
  EXPECT_TRUE(contains(all, "case.json frame: is \"RAS mm\"; all lengths are taken as DICOM LPS"));
  EXPECT_TRUE(contains(all, "case.json ct.air: is 0"));
}

}  // namespace
}  // namespace rtmodel::testing
