#include "case/nifti_volume.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {
namespace {

const Grid kGrid{{2, 1, 1}, {5.0, 5.0, 5.0}, {0.0, 0.0, 0.0}};

/// A NIfTI-1 file of two voxels, written byte by byte so that the reader is tested against the standard, not our
/// writer.
std::string tiny_nifti(short type, short bits, const void* voxels, std::size_t bytes, float x_step = -5.0F) {
  std::string text(352, '\0');
  const auto put = [&text](std::size_t at, auto value) { std::memcpy(text.data() + at, &value, sizeof value); };
  put(0, 348);
  const short dimensions[8] = {3, 2, 1, 1, 1, 1, 1, 1};
  std::memcpy(text.data() + 40, dimensions, sizeof dimensions);
  put(70, type);
  put(72, bits);
  for (int axis = 1; axis < 4; ++axis) put(76 + 4 * axis, 5.0F);
  put(108, 352.0F);
  put(112, 1.0F);
  put(254, static_cast<short>(1));
  put(280, x_step);
  put(300, -5.0F);
  put(320, 5.0F);
  std::memcpy(text.data() + 344, "n+1", 4);
  return text + std::string(static_cast<const char*>(voxels), bytes);
}

void write_gzip(const std::filesystem::path& file, const std::string& text) {
  gzFile stream = gzopen(file.string().c_str(), "wb");
  gzwrite(stream, text.data(), static_cast<unsigned>(text.size()));
  gzclose(stream);
}

TEST(NiftiVolume, ReadsFloatHuRounded) {
  const TemporaryFolder folder;
  const float hu[2] = {-999.6F, 41.4F};
  write_gzip(folder.path() / "ct.nii.gz", tiny_nifti(16, 32, hu, sizeof hu));
  Findings findings;
  const auto volume = read_ct(folder.path() / "ct.nii.gz", findings);
  ASSERT_TRUE(volume);
  EXPECT_EQ(volume->voxels, (std::vector<std::int16_t>{-1000, 41}));
  EXPECT_EQ(volume->grid.spacing_mm, kGrid.spacing_mm);
}

TEST(NiftiVolume, RefusesNan) {
  const TemporaryFolder folder;
  const float hu[2] = {0.0F, std::numeric_limits<float>::quiet_NaN()};
  write_gzip(folder.path() / "ct.nii.gz", tiny_nifti(16, 32, hu, sizeof hu));
  Findings findings;
  EXPECT_FALSE(read_ct(folder.path() / "ct.nii.gz", findings));
  EXPECT_TRUE(contains(findings.list().at(0).text(), "1 voxels are NaN, infinite or beyond int16"));
}

TEST(NiftiVolume, RefusesOtherAxes) {
  const TemporaryFolder folder;
  const std::int16_t hu[2] = {0, 0};
  write_gzip(folder.path() / "ct.nii.gz", tiny_nifti(4, 16, hu, sizeof hu, 5.0F));
  Findings findings;
  EXPECT_FALSE(read_ct(folder.path() / "ct.nii.gz", findings));
  EXPECT_TRUE(contains(findings.list().at(0).text(), "has other axes than L, P, S"));
}

TEST(NiftiVolume, RefusesVoxelsThatAreMissing) {
  const TemporaryFolder folder;
  const std::int16_t hu[1] = {0};
  write_gzip(folder.path() / "ct.nii.gz", tiny_nifti(4, 16, hu, sizeof hu));
  Findings findings;
  EXPECT_FALSE(read_ct(folder.path() / "ct.nii.gz", findings));
  EXPECT_TRUE(contains(findings.list().at(0).text(), "is not a complete NIfTI volume"));
}

TEST(NiftiVolume, SaysWhenItCantWrite) {
  const TemporaryFolder folder;
  EXPECT_THROW(write_ct(folder.path() / "no" / "ct.nii.gz", kGrid, {0, 0}), InputError);
}

}  // namespace
}  // namespace rtmodel::testing
