#include "case/nifti_volume.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "case/nifti_file.h"
#include "files/text.h"

namespace rtmodel {
namespace {

std::string type_name(const nifti_image& image) { return nifti_datatype_string(image.datatype); }

bool is_scaled(const nifti_image& image) {
  return image.scl_slope != 0.0F && (image.scl_slope != 1.0F || image.scl_inter != 0.0F);
}

template <typename Voxel>
std::vector<Voxel> copy_voxels(const NiftiFile& file) {
  std::vector<Voxel> voxels(file.header->nvox);
  std::memcpy(voxels.data(), file.voxels.data(), voxels.size() * sizeof(Voxel));
  return voxels;
}

std::optional<std::vector<std::int16_t>> round_hu(const std::vector<float>& values, const std::string& where,
                                                  Findings& findings) {
  std::vector<std::int16_t> rounded(values.size());
  std::size_t bad = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i]) && std::fabs(values[i]) < 32767.0F) {
      rounded[i] = static_cast<std::int16_t>(std::lround(values[i]));
    } else {
      ++bad;
    }
  }
  if (bad == 0) return rounded;
  findings.error(where, std::to_string(bad) + " voxels are NaN, infinite or beyond int16", "set them to air, -1000 HU");
  return std::nullopt;
}

template <typename Stored>
std::vector<Mask> widen(const NiftiFile& file) {
  const auto stored = copy_voxels<Stored>(file);
  return {stored.begin(), stored.end()};
}

}  // namespace

std::optional<Volume<std::int16_t>> read_ct(const std::filesystem::path& file, Findings& findings) {
  const auto opened = open_nifti(file, findings);
  if (!opened) return std::nullopt;
  const std::string where = quotable(file.filename().string());
  const nifti_image& header = *opened->header;
  const auto grid = grid_of(header, where, findings);
  if (!grid) return std::nullopt;
  if (is_scaled(header)) {
    findings.error(where, "has a slope or an intercept", "store HU themselves, slope 1, intercept 0");
    return std::nullopt;
  }
  if (header.datatype == DT_INT16) return Volume<std::int16_t>{*grid, copy_voxels<std::int16_t>(*opened)};
  if (header.datatype == DT_FLOAT32) {
    auto rounded = round_hu(copy_voxels<float>(*opened), where, findings);
    if (!rounded) return std::nullopt;
    return Volume<std::int16_t>{*grid, std::move(*rounded)};
  }
  findings.error(where, "holds " + type_name(header), "store HU as INT16 (FLOAT32 is read, too)");
  return std::nullopt;
}

std::optional<Volume<Mask>> read_masks(const std::filesystem::path& file, Findings& findings) {
  const auto opened = open_nifti(file, findings);
  if (!opened) return std::nullopt;
  const std::string where = quotable(file.filename().string());
  const nifti_image& header = *opened->header;
  const auto grid = grid_of(header, where, findings);
  if (!grid) return std::nullopt;
  if (!is_scaled(header)) {
    switch (header.datatype) {
      case DT_UINT16:
        return Volume<Mask>{*grid, widen<std::uint16_t>(*opened)};
      case DT_UINT32:
        return Volume<Mask>{*grid, widen<std::uint32_t>(*opened)};
      case DT_UINT64:
        return Volume<Mask>{*grid, widen<std::uint64_t>(*opened)};
      case DT_INT32: {
        const auto stored = copy_voxels<std::int32_t>(*opened);
        if (std::all_of(stored.begin(), stored.end(), [](std::int32_t value) { return value >= 0; }))
          return Volume<Mask>{*grid, widen<std::uint32_t>(*opened)};
        findings.error(where, "holds INT32 with negative values", "store the bit mask as UINT32");
        return std::nullopt;
      }
      default:
        break;
    }
  }
  findings.error(where, "holds " + type_name(header) + (is_scaled(header) ? " with a slope" : ""),
                 "store the bit mask as UINT16 (UINT32 or UINT64 for more than 16 structures) without slope");
  return std::nullopt;
}

}  // namespace rtmodel
