#include <nifti1_io.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "case/nifti_volume.h"
#include "files/descriptor.h"

namespace rtmodel {
namespace {

using Image = std::unique_ptr<nifti_image, decltype(&nifti_image_free)>;

nifti_1_header header_of(const Grid& grid, int type) {
  const int dimensions[8] = {3, grid.size[0], grid.size[1], grid.size[2], 1, 1, 1, 1};
  Image image(nifti_make_new_nim(dimensions, type, 0), &nifti_image_free);
  if (!image) throw InputError("the volume does not fit its grid");
  const std::array<double, 3> sign{-1.0, -1.0, 1.0};
  std::memset(&image->sto_xyz, 0, sizeof(mat44));
  for (int axis = 0; axis < 3; ++axis) {
    image->sto_xyz.m[axis][axis] = static_cast<float>(sign[axis] * grid.spacing_mm[axis]);
    image->sto_xyz.m[axis][3] = static_cast<float>(sign[axis] * grid.origin_mm[axis]);
    image->pixdim[axis + 1] = static_cast<float>(grid.spacing_mm[axis]);
  }
  image->sto_xyz.m[3][3] = 1.0F;
  image->dx = image->pixdim[1];
  image->dy = image->pixdim[2];
  image->dz = image->pixdim[3];
  image->sform_code = NIFTI_XFORM_SCANNER_ANAT;
  image->xyz_units = NIFTI_UNITS_MM;
  image->nifti_type = NIFTI_FTYPE_NIFTI1_1;
  image->iname_offset = 352;
  return nifti_convert_nim2nhdr(image.get());
}

/// Writes past libnifti, which reports no failure to write.
template <typename Voxel>
void write_volume(OutputFile& file, const Grid& grid, const std::vector<Voxel>& voxels, int type) {
  if (grid.voxel_count() != voxels.size()) throw InputError("the volume does not fit its grid");
  const nifti_1_header header = header_of(grid, type);
  const std::array<char, 4> no_extension{};
  const gzFile stream = gzdopen(descriptor::duplicate(file.descriptor()), "wb");
  if (stream == nullptr) throw InputError("the volume can't be written: no memory to pack it");
  bool is_good = true;
  const auto put = [&](const void* data, std::size_t bytes) {
    const char* next = static_cast<const char*>(data);
    while (is_good && bytes > 0) {
      const auto piece = static_cast<unsigned>(std::min<std::size_t>(bytes, 1U << 24));
      is_good = gzwrite(stream, next, piece) == static_cast<int>(piece);
      next += piece;
      bytes -= piece;
    }
  };
  put(&header, sizeof header);
  put(no_extension.data(), no_extension.size());
  put(voxels.data(), voxels.size() * sizeof(Voxel));
  is_good = gzclose(stream) == Z_OK && is_good;
  if (!is_good) throw InputError("the volume can't be written: the disk is full or failed; make room");
}

template <typename Stored>
std::vector<Stored> narrowed(const std::vector<Mask>& masks) {
  std::vector<Stored> stored(masks.size());
  std::transform(masks.begin(), masks.end(), stored.begin(), [](Mask mask) { return static_cast<Stored>(mask); });
  return stored;
}

}  // namespace

void write_ct(OutputFile& file, const Grid& grid, const std::vector<std::int16_t>& ct_hu) {
  write_volume(file, grid, ct_hu, DT_INT16);
}

void write_masks(OutputFile& file, const Grid& grid, const std::vector<Mask>& masks) {
  Mask used = 0;
  for (const Mask mask : masks) used |= mask;
  if (used >> 16 == 0) return write_volume(file, grid, narrowed<std::uint16_t>(masks), DT_UINT16);
  if (used >> 32 == 0) return write_volume(file, grid, narrowed<std::uint32_t>(masks), DT_UINT32);
  write_volume(file, grid, masks, DT_UINT64);
}

void write_dose(OutputFile& file, const Grid& grid, const std::vector<float>& dose_gy) {
  write_volume(file, grid, dose_gy, DT_FLOAT32);
}

void write_ct(const std::filesystem::path& file, const Grid& grid, const std::vector<std::int16_t>& ct_hu) {
  OutputFile output(file);
  write_ct(output, grid, ct_hu);
  output.commit();
}

void write_masks(const std::filesystem::path& file, const Grid& grid, const std::vector<Mask>& masks) {
  OutputFile output(file);
  write_masks(output, grid, masks);
  output.commit();
}

}  // namespace rtmodel
