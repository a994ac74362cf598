#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <zlib.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "case/nifti_volume.h"
#include "case/read_case.h"
#include "case/write_case.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {
namespace {

namespace fs = std::filesystem;

/// A header of NIfTI-1, byte by byte, for `type` with `bits`; voxels follow at 352.
class Header {
 public:
  Header(std::int16_t type, std::int16_t bits) {
    put<std::int32_t>(0, 348);
    size({2, 1, 1});
    put(70, type);
    put(72, bits);
    for (int axis = 1; axis < 4; ++axis) put(76 + 4 * axis, 5.0F);
    put(108, 352.0F);
    put<std::int16_t>(254, 1);
    put(280, -5.0F);
    put(300, -5.0F);
    put(320, 5.0F);
    std::memcpy(bytes_.data() + 344, "n+1", 4);
  }
  template <typename Value>
  Header& put(std::size_t at, Value value) {
    std::memcpy(bytes_.data() + at, &value, sizeof value);
    return *this;
  }
  Header& size(const std::array<std::int16_t, 3>& extents) {
    put<std::int16_t>(40, 3);
    for (int axis = 0; axis < 3; ++axis) put(42 + 2 * axis, extents[axis]);
    return *this;
  }
  Header& magic(const char* text) {
    std::memcpy(bytes_.data() + 344, text, 4);
    return *this;
  }
  template <typename Voxel>
  std::string with(std::vector<Voxel> voxels) const {
    return bytes_ + std::string(reinterpret_cast<const char*>(voxels.data()), voxels.size() * sizeof(Voxel));
  }

 private:
  std::string bytes_ = std::string(352, '\0');
};

const Header kCt(4, 16);

class StrangeVolume : public ::testing::Test {
 protected:
  std::string fault_of(const std::string& bytes) {
    write_file(folder_.path() / "ct.nii.gz", bytes);
    Findings findings;
    EXPECT_FALSE(read_ct(folder_.path() / "ct.nii.gz", findings));
    return findings.list().empty() ? "" : findings.list().front().text();
  }
  std::optional<Volume<Mask>> masks(const std::string& bytes, Findings& findings) {
    write_file(folder_.path() / "structures.nii.gz", bytes);
    return read_masks(folder_.path() / "structures.nii.gz", findings);
  }

  TemporaryFolder folder_;
};

TEST_F(StrangeVolume, IsCalledByItsKind) {
  std::string nifti2(540, '\0');
  const std::int32_t size_of_header = 540;
  std::memcpy(nifti2.data(), &size_of_header, 4);
  EXPECT_EQ(fault_of(nifti2), "ct.nii.gz: is NIfTI-2; store it as NIfTI-1");
  EXPECT_EQ(fault_of(std::string(1, '\0') + std::string(1, '\0') + "\x02\x1c" + std::string(540, '\0')),
            "ct.nii.gz: is NIfTI-2; store it as NIfTI-1")
      << "of the other byte order";
  EXPECT_TRUE(contains(fault_of(std::string(128, '\0') + "DICM" + std::string(300, '\0')), "is DICOM; convert"));
  EXPECT_TRUE(contains(fault_of("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"), "git lfs pull"));
  EXPECT_TRUE(contains(fault_of("NRRD0004\n"), "is NRRD"));
  EXPECT_TRUE(contains(fault_of(""), "is empty"));
  EXPECT_TRUE(contains(fault_of(Header(kCt).magic("ni1").with<std::int16_t>({0, 0})), "one of a pair"));
  EXPECT_TRUE(contains(fault_of(Header(kCt).magic("\0\0\0").with<std::int16_t>({0, 0})), "is Analyze 7.5"));
  EXPECT_TRUE(contains(fault_of(Header(1234, 16).with<std::int16_t>({0, 0})), "unknown data type 1234"));
}

TEST_F(StrangeVolume, IsRefusedByItsHeaderBeforeMemoryIsTaken) {
  EXPECT_TRUE(contains(fault_of(Header(kCt).size({32767, 32767, 32767}).with<std::int16_t>({0, 0})),
                       "says the size 32767 x 32767 x 32767, more than 100000000 voxels; crop the volume"));
  EXPECT_TRUE(contains(fault_of(Header(kCt).size({-2, 1, 1}).with<std::int16_t>({0, 0})), "says the size -2"));
  EXPECT_TRUE(contains(fault_of(Header(kCt).size({2, 0, 1}).with<std::int16_t>({0, 0})), "says the size 2 x 0"));
  EXPECT_TRUE(contains(fault_of(Header(kCt).put<std::int16_t>(40, 99).with<std::int16_t>({0, 0})), "99 dimensions"));
  EXPECT_TRUE(
      contains(fault_of(Header(kCt).put(108, 1e30F).with<std::int16_t>({0, 0})), "says no place of its voxels"));
  EXPECT_TRUE(
      contains(fault_of(Header(kCt).put(108, -1e9F).with<std::int16_t>({0, 0})), "says no place of its voxels"));
  // A promise costs nothing: 200 MB in the header, 2 voxels in the file.
  EXPECT_TRUE(contains(fault_of(Header(kCt).size({1000, 1000, 100}).with<std::int16_t>({0, 0})),
                       "is not a complete NIfTI volume: its header promises 200000000 bytes"));
}

TEST_F(StrangeVolume, ThatUnpacksToGigabytesIsNotUnpacked) {
  const auto file = folder_.path() / "ct.nii.gz";
  gzFile stream = gzopen(file.c_str(), "wb1");
  const std::string head = kCt.with<std::int16_t>({0, 0}), zeros(1 << 20, '\0');
  gzwrite(stream, head.data(), static_cast<unsigned>(head.size()));
  for (int i = 0; i < 256; ++i) gzwrite(stream, zeros.data(), static_cast<unsigned>(zeros.size()));
  gzclose(stream);
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  Findings findings;
  EXPECT_FALSE(read_ct(file, findings));
  getrusage(RUSAGE_SELF, &after);
  EXPECT_TRUE(contains(findings.list().at(0).text(), "goes on far behind the voxels that its header promises"));
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 64 << 10) << "KiB";
}

TEST_F(StrangeVolume, MasksOfUpTo64BitsAreRead) {
  Findings findings;
  auto read = masks(Header(768, 32).with<std::uint32_t>({1U << 31, 5}), findings);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->voxels, (std::vector<Mask>{Mask{1} << 31, 5}));
  read = masks(Header(1280, 64).with<std::uint64_t>({Mask{1} << 63, 5}), findings);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->voxels, (std::vector<Mask>{Mask{1} << 63, 5}));
  read = masks(Header(8, 32).with<std::int32_t>({1 << 30, 5}), findings);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->voxels, (std::vector<Mask>{Mask{1} << 30, 5}));
  EXPECT_TRUE(findings.list().empty());
  EXPECT_FALSE(masks(Header(8, 32).with<std::int32_t>({-1, 5}), findings));
  EXPECT_TRUE(contains(findings.list().back().text(), "INT32 with negative values; store the bit mask as UINT32"));
  EXPECT_FALSE(masks(Header(2, 8).with<std::uint8_t>({1, 5}), findings));
  EXPECT_TRUE(contains(findings.list().back().text(), "UINT32 or UINT64 for more than 16 structures"));
}

TEST_F(StrangeVolume, BigEndianMasksAreReadLikeOthers) {
  std::string bytes = Header(768, 32).with<std::uint32_t>({1U << 20, 5});
  for (const auto& [first, size, count] : {std::array<std::size_t, 3>{0, 4, 1},
                                           {40, 2, 8},
                                           {70, 2, 2},
                                           {76, 4, 9},
                                           {252, 2, 2},
                                           {256, 4, 18},
                                           {352, 4, 2}})
    for (std::size_t i = 0; i < count; ++i)
      std::reverse(bytes.begin() + static_cast<long>(first + i * size),
                   bytes.begin() + static_cast<long>(first + (i + 1) * size));
  Findings findings;
  const auto read = masks(bytes, findings);
  ASSERT_TRUE(read) << findings.list().at(0).text();
  EXPECT_EQ(read->voxels, (std::vector<Mask>{1U << 20, 5}));
}

TEST_F(StrangeVolume, WithTwoPlacesIsWarnedOf) {
  Header header(kCt);
  header.put<std::int16_t>(252, 1).put(76, -1.0F).put(256, 0.0F).put(260, 0.0F).put(264, 1.0F);
  header.put(268, 30.0F);
  write_file(folder_.path() / "ct.nii.gz", header.with<std::int16_t>({0, -5}));
  Findings findings;
  ASSERT_TRUE(read_ct(folder_.path() / "ct.nii.gz", findings));
  ASSERT_EQ(findings.list().size(), 1u);
  EXPECT_TRUE(contains(findings.list()[0].text(), "says two places: sform and qform differ by up to"));
}

class StrangeFile : public ::testing::Test {
 protected:
  void SetUp() override { write_case(folder_.path() / "case", small_case()); }
  std::string errors() {
    std::string all;
    const auto reading = read_case(folder_.path() / "case");
    for (const auto& finding : reading.findings.list())
      if (finding.severity == Finding::Severity::kError) all += finding.text() + "\n";
    return all;
  }
  void name_ct(const std::string& name) {
    auto root = nlohmann::json::parse(read_file(file("case.json")));
    root["ct"]["file"] = name;
    write_file(file("case.json"), root.dump());
  }
  fs::path file(const std::string& name) const { return folder_.path() / "case" / name; }

  TemporaryFolder folder_;
};

TEST_F(StrangeFile, OutsideTheCaseIsNotRead) {
  fs::copy_file(file("ct.nii.gz"), folder_.path() / "ct.nii.gz");
  for (const std::string name : {"../ct.nii.gz", "/dev/zero", "x/../../ct.nii.gz"}) {
    name_ct(name);
    EXPECT_TRUE(contains(errors(), "case.json ct.file: is \"" + name + "\", which leaves the case's folder")) << name;
  }
  name_ct("ct.nii.gz");
  fs::remove(file("ct.nii.gz"));
  fs::create_symlink(folder_.path() / "ct.nii.gz", file("ct.nii.gz"));
  EXPECT_TRUE(contains(errors(), "ct.nii.gz: is a link to a file outside the case's folder"));
  fs::remove(file("ct.nii.gz"));
  fs::create_directory(file("below"));
  fs::rename(folder_.path() / "ct.nii.gz", file("below/ct.nii.gz"));
  name_ct("below/ct.nii.gz");
  EXPECT_EQ(errors(), "");
}

TEST_F(StrangeFile, OfAnyKindIsRefusedAtOnce) {
  for (const char* name : {"ct.nii.gz", "structures.nii.gz", "case.json"}) {
    SetUp();
    fs::remove(file(name));
    ASSERT_EQ(mkfifo(file(name).c_str(), 0600), 0);
    EXPECT_TRUE(contains(errors(), std::string(name) + ": is a pipe or a device")) << "without waiting for a writer";
    fs::remove(file(name));
    fs::create_directory(file(name));
    EXPECT_TRUE(contains(errors(), std::string(name) + ": is a folder"));
    fs::remove(file(name));
  }
  SetUp();
  name_ct(std::string(250, 'x') + "/" + std::string(255, 'x'));
  EXPECT_TRUE(contains(errors(), "has 506 bytes, more than 256"));
}

TEST_F(StrangeFile, CaseJsonOfAnyContentIsAFaultOfItsOwn) {
  const std::string good = read_file(file("case.json"));
  const auto said = [&](const std::string& text) {
    write_file(file("case.json"), text);
    return errors();
  };
  EXPECT_TRUE(contains(said("{\"id\": \"R\xFC"
                            "ck\"}"),
                       "case.json: is not UTF-8: line 1 has the byte 0xFC"));
  EXPECT_TRUE(contains(said("{\"id\": 1e999}"), "case.json: is not JSON: number overflow"));
  EXPECT_TRUE(contains(said("{\"id\": \"a\", \"id\": \"b\"}"), "case.json: has the key \"id\" twice"));
  EXPECT_TRUE(contains(said(std::string(100000, '[')), "case.json: is nested more than 64 deep"));
  EXPECT_TRUE(contains(said("{\"grid\": [1], \"quality\": 3, \"ct\": \"x\"}"), "case.json grid: is not an object"));
  EXPECT_TRUE(contains(errors(), "case.json quality: is not an object"));
  const auto with = [&](const char* pointer, const nlohmann::json& value) {
    auto root = nlohmann::json::parse(good);
    root[nlohmann::json::json_pointer(pointer)] = value;
    return said(root.dump());
  };
  EXPECT_TRUE(contains(with("/quality/plannable", "no"), "quality.plannable: is \"no\"; give true or false"));
  EXPECT_TRUE(contains(with("/quality/flags", 3), "quality.flags: is not a list of texts"));
  EXPECT_TRUE(
      contains(with("/structures/0/name", "Core\nleft"), "structures[0].name: \"Core\\x0aleft\" has a control"));
  EXPECT_TRUE(contains(with("/id", "a\tb"), "case.json id: \"a\\x09b\" has a control character"));
  EXPECT_TRUE(contains(with("/grid/spacing_mm", {5.0, 5.0, 1e-9}), "in mm, between 0.1 and 50"));
  EXPECT_TRUE(contains(with("/grid/size", {30000, 30000, 30000}), "makes 27000000000000 voxels"));
  EXPECT_TRUE(
      contains(with("/structures/0/prescription_gy", 6000), "is 6000; give a number above 0.0 and up to 200.0, in Gy"));
  EXPECT_TRUE(
      contains(with("/structures/0/bit", 64), "bit: is 64; give the structure's bit in the mask volume, 0 to 63"));
  nlohmann::json many = nlohmann::json::array();
  for (int i = 0; i < 65; ++i) many.push_back({{"name", std::to_string(i)}, {"role", "oar"}, {"bit", i}});
  EXPECT_TRUE(contains(with("/structures", many), "lists 65 structures; keep 64 at most"));
}

}  // namespace
}  // namespace rtmodel::testing
