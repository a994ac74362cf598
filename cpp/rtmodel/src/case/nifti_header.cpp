#include "case/nifti_header.h"

#include <nifti1_io.h>

#include <cmath>
#include <cstring>

#include "case/grid.h"

namespace rtmodel {
namespace {

constexpr int kNifti1Bytes = 348, kNifti2Bytes = 540;
/// Header extensions, such as a history, are small.
constexpr float kFarthestVolume = 1 << 24;

template <typename Value>
Value swapped(Value value) {
  nifti_swap_Nbytes(1, sizeof value, &value);
  return value;
}

/// What a file is instead of NIfTI-1, and what to do about it.
Finding kind_of_stranger(const std::string& bytes, int size_of_header) {
  const auto starts = [&bytes](const char* text) { return bytes.rfind(text, 0) == 0; };
  if (size_of_header == kNifti2Bytes || swapped(size_of_header) == kNifti2Bytes)
    return {{}, {}, "is NIfTI-2", "store it as NIfTI-1"};
  if (bytes.size() > 132 && bytes.compare(128, 4, "DICM") == 0)
    return {{}, {}, "is DICOM", "convert the series to one NIfTI-1 volume"};
  if (starts("version https://git-lfs"))
    return {{}, {}, "is a pointer of Git LFS, not the volume itself", "fetch it with `git lfs pull`"};
  if (starts("NRRD")) return {{}, {}, "is NRRD", "store it as NIfTI-1"};
  if (starts("ObjectType")) return {{}, {}, "is MetaImage", "store it as NIfTI-1"};
  if (bytes.empty()) return {{}, {}, "is empty", "copy the file again from its source"};
  return {{}, {}, "is not a complete NIfTI volume", "copy the file again or write it anew"};
}

}  // namespace

std::optional<NiftiLayout> read_layout(const std::string& bytes, const std::string& where, Findings& findings) {
  const auto refuse = [&](std::string what, std::string fix) {
    findings.error(where, std::move(what), std::move(fix));
    return std::nullopt;
  };
  NiftiLayout layout;
  nifti_1_header& header = layout.header;
  std::memcpy(&header, bytes.data(), std::min(bytes.size(), sizeof header));
  layout.is_swapped = header.sizeof_hdr == swapped(kNifti1Bytes);
  if (bytes.size() < sizeof header || (header.sizeof_hdr != kNifti1Bytes && !layout.is_swapped)) {
    const Finding stranger = kind_of_stranger(bytes, header.sizeof_hdr);
    return refuse(stranger.what, stranger.mend);
  }
  if (std::memcmp(header.magic, "ni1", 4) == 0)
    return refuse("is one of a pair of header and image", "store both in one NIfTI-1 file (.nii or .nii.gz)");
  if (std::memcmp(header.magic, "n+1", 4) != 0) return refuse("is Analyze 7.5, which has no affine", "store NIfTI-1");
  const auto in_order = [&layout](auto value) { return layout.is_swapped ? swapped(value) : value; };
  const int dimensions = in_order(header.dim[0]);
  if (dimensions < 1 || dimensions > 7)
    return refuse("says that it has " + std::to_string(dimensions) + " dimensions", "store one volume of three");
  double voxels = 1.0;
  std::string size;
  for (int i = 1; i <= dimensions; ++i) {
    const int extent = in_order(header.dim[i]);
    size += (i > 1 ? " x " : "") + std::to_string(extent);
    if (extent < 1) return refuse("says the size " + size, "write the header anew");
    voxels *= extent;
  }
  if (voxels > static_cast<double>(kMostVoxels))
    return refuse("says the size " + size + ", more than " + std::to_string(kMostVoxels) + " voxels",
                  "crop the volume, or resample it");
  int bytes_per_voxel = 0, swap_size = 0;
  nifti_datatype_sizes(in_order(header.datatype), &bytes_per_voxel, &swap_size);
  if (bytes_per_voxel <= 0)
    return refuse("has the unknown data type " + std::to_string(in_order(header.datatype)), "write it anew");
  const float offset = in_order(header.vox_offset);
  if (!(offset >= 0.0F && offset <= kFarthestVolume)) return refuse("says no place of its voxels", "write it anew");
  // Some programs leave the offset out; the volume can't begin within the header.
  layout.offset_bytes = std::max(sizeof header, static_cast<std::size_t>(offset));
  layout.volume_bytes = static_cast<std::size_t>(voxels) * static_cast<std::size_t>(bytes_per_voxel);
  return layout;
}

}  // namespace rtmodel
