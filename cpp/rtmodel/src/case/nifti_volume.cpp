#include "case/nifti_volume.h"

#include <nifti1_io.h>
#include <zlib.h>

#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>

namespace rtmodel {
namespace {

using Image = std::unique_ptr<nifti_image, decltype(&nifti_image_free)>;

/// A file as unpacked; `fault` says what was wrong with the packing.
struct Unpacked {
  std::string bytes;
  std::string fault;
};

/// Reads voxels past libnifti: that stops at the last voxel, so a damaged checksum would pass, and turns NaN into 0 HU.
Unpacked unpack(const std::filesystem::path& file) {
  Unpacked result;
  gzFile stream = gzopen(file.c_str(), "rb");
  if (stream == nullptr) return {"", "can't be opened"};
  std::array<char, 1 << 16> buffer;
  int count = 0;
  while ((count = gzread(stream, buffer.data(), buffer.size())) > 0) result.bytes.append(buffer.data(), count);
  int code = Z_OK;
  const std::string message = gzerror(stream, &code);
  const bool is_truncated = gzclose(stream) == Z_BUF_ERROR || code == Z_BUF_ERROR;
  if (count < 0) result.fault = "the gzip data are damaged (" + message + ")";
  if (is_truncated) result.fault = "the gzip data end too early";
  return result;
}

/// A header as libnifti understands it, and the bytes of the voxels in this machine's order.
struct File {
  Image header{nullptr, &nifti_image_free};
  std::string voxels;
};

/// L, P, S axes in NIfTI's RAS frame: a diagonal with two minus signs.
std::optional<Grid> grid_of(const nifti_image& image, const std::string& where, Findings& findings) {
  if (image.ndim != 3 && !(image.ndim > 3 && image.nvox == static_cast<size_t>(image.nx) * image.ny * image.nz)) {
    findings.error(where, "has " + std::to_string(image.ndim) + " dimensions", "store one volume of three dimensions");
    return std::nullopt;
  }
  if (image.sform_code <= 0 && image.qform_code <= 0) {
    findings.error(where, "has no affine", "set the sform, in RAS");
    return std::nullopt;
  }
  const mat44& affine = image.sform_code > 0 ? image.sto_xyz : image.qto_xyz;
  const std::array<double, 3> sign{-1.0, -1.0, 1.0};
  const std::array<int, 3> size{image.nx, image.ny, image.nz};
  Grid grid;
  for (int axis = 0; axis < 3; ++axis) {
    grid.size[axis] = size[axis];
    grid.spacing_mm[axis] = sign[axis] * affine.m[axis][axis];
    grid.origin_mm[axis] = sign[axis] * affine.m[axis][3];
    for (int other = 0; other < 3; ++other) {
      const bool is_straight = axis == other || std::fabs(affine.m[axis][other]) < 1e-3;
      if (is_straight && grid.spacing_mm[axis] > 0.0) continue;
      findings.error(where, "has other axes than L, P, S", "resample the volume to a straight grid with these axes");
      return std::nullopt;
    }
  }
  return grid;
}

std::optional<File> open_file(const std::filesystem::path& path, Findings& findings) {
  const std::string where = path.filename().string();
  if (!std::filesystem::exists(path)) {
    findings.error(where, "is missing", "put the file into the case folder");
    return std::nullopt;
  }
  auto unpacked = unpack(path);
  if (!unpacked.fault.empty()) {
    findings.error(where, unpacked.fault, "copy the file again from its source");
    return std::nullopt;
  }
  File file;
  nifti_set_debug_level(0);
  file.header.reset(nifti_image_read(path.c_str(), 0));
  const nifti_image* header = file.header.get();
  const std::size_t offset = header != nullptr && header->iname_offset > 0 ? header->iname_offset : 0;
  const std::size_t size = header != nullptr ? header->nvox * header->nbyper : 0;
  if (size == 0 || offset > unpacked.bytes.size() || size > unpacked.bytes.size() - offset) {
    findings.error(where, "is not a complete NIfTI volume", "copy the file again or write it anew");
    return std::nullopt;
  }
  file.voxels = unpacked.bytes.substr(offset, size);
  if (header->byteorder != nifti_short_order() && header->swapsize > 1)
    nifti_swap_Nbytes(size / header->swapsize, header->swapsize, file.voxels.data());
  return file;
}

std::string type_name(const nifti_image& image) { return nifti_datatype_string(image.datatype); }

bool is_scaled(const nifti_image& image) {
  return image.scl_slope != 0.0F && (image.scl_slope != 1.0F || image.scl_inter != 0.0F);
}

template <typename Voxel>
std::vector<Voxel> copy_voxels(const File& file) {
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

template <typename Voxel>
void write_volume(const std::filesystem::path& file, const Grid& grid, const std::vector<Voxel>& voxels, int type) {
  const int dimensions[8] = {3, grid.size[0], grid.size[1], grid.size[2], 1, 1, 1, 1};
  Image image(nifti_make_new_nim(dimensions, type, 1), &nifti_image_free);
  if (!image || image->nvox != voxels.size()) throw InputError(file.string() + ": the volume does not fit its grid");
  std::memcpy(image->data, voxels.data(), voxels.size() * sizeof(Voxel));
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
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  nifti_set_debug_level(0);
  // libnifti reports no failure to write, so what it wrote is unpacked once.
  const bool can_try =
      std::filesystem::is_directory(file.parent_path()) && nifti_set_filenames(image.get(), file.c_str(), 0, 1) == 0;
  if (can_try) nifti_image_write(image.get());
  if (!can_try || unpack(file).bytes.size() < voxels.size() * sizeof(Voxel)) {
    throw InputError(file.string() + ": can't be written; check that the folder exists and has room");
  }
}

}  // namespace

std::optional<Volume<std::int16_t>> read_ct(const std::filesystem::path& file, Findings& findings) {
  const auto opened = open_file(file, findings);
  if (!opened) return std::nullopt;
  const std::string where = file.filename().string();
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

std::optional<Volume<std::uint16_t>> read_masks(const std::filesystem::path& file, Findings& findings) {
  const auto opened = open_file(file, findings);
  if (!opened) return std::nullopt;
  const std::string where = file.filename().string();
  const nifti_image& header = *opened->header;
  const auto grid = grid_of(header, where, findings);
  if (!grid) return std::nullopt;
  if (header.datatype != DT_UINT16 || is_scaled(header)) {
    findings.error(where, "holds " + type_name(header) + (is_scaled(header) ? " with a slope" : ""),
                   "store the bit mask as UINT16 without slope");
    return std::nullopt;
  }
  return Volume<std::uint16_t>{*grid, copy_voxels<std::uint16_t>(*opened)};
}

void write_ct(const std::filesystem::path& file, const Grid& grid, const std::vector<std::int16_t>& ct_hu) {
  write_volume(file, grid, ct_hu, DT_INT16);
}

void write_masks(const std::filesystem::path& file, const Grid& grid, const std::vector<std::uint16_t>& masks) {
  write_volume(file, grid, masks, DT_UINT16);
}

}  // namespace rtmodel
