#include "case/nifti_file.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "case/nifti_header.h"
#include "files/descriptor.h"
#include "files/input_file.h"
#include "files/text.h"

namespace rtmodel {
namespace {

/// What may follow the voxels: some programs pad their files.
constexpr std::size_t kMostTrailingBytes = 16U << 20;

/// A file as it unpacks. Reads voxels past libnifti: that stops at the last voxel, so a damaged checksum would pass,
/// and turns NaN into 0 HU.
class Unpacking {
 public:
  explicit Unpacking(int opened) : stream_(gzdopen(opened, "rb")) {
    if (stream_ == nullptr) descriptor::close(opened);
  }
  ~Unpacking() {
    if (stream_ != nullptr) gzclose(stream_);
  }
  Unpacking(const Unpacking&) = delete;
  Unpacking& operator=(const Unpacking&) = delete;

  /// Appends up to `most` bytes; fewer at the end or at damage.
  void append(std::string& bytes, std::size_t most) {
    while (most > 0) {
      const std::size_t count = read(most);
      if (count == 0) return;
      bytes.append(buffer_.data(), count);
      most -= count;
    }
  }

  /// Appends the last `needed` bytes and goes on to the end, where the checksum is; false when that is further than
  /// `most_behind` bytes away.
  bool finish(std::string& bytes, std::size_t needed, std::size_t most_behind) {
    std::size_t behind = 0;
    while (behind <= most_behind) {
      // zlib tells of a missing checksum only in a call that also had voxels to unpack, so the last one goes beyond.
      const std::size_t count = read(needed < buffer_.size() ? buffer_.size() : needed - 1);
      if (count == 0) return true;
      const std::size_t wanted = std::min(count, needed);
      bytes.append(buffer_.data(), wanted);
      needed -= wanted;
      behind += count - wanted;
    }
    return false;
  }

  const std::string& fault() const { return fault_; }

 private:
  std::size_t read(std::size_t most) {
    const int count = gzread(stream_, buffer_.data(), static_cast<unsigned>(std::min(most, buffer_.size())));
    int code = Z_OK;
    const std::string message = gzerror(stream_, &code);
    if (code == Z_BUF_ERROR) {
      fault_ = "the gzip data end too early";
    } else if (count < 0) {
      fault_ = "the gzip data are damaged (" + message + ")";
    }
    return static_cast<std::size_t>(std::max(0, count));
  }

  gzFile stream_;
  std::array<char, 1 << 16> buffer_;
  std::string fault_;
};

/// How far the header's two places of the volume are apart: the largest difference of their affines, mm or 1.
double difference_of_forms(const nifti_image& image) {
  double largest = 0.0;
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 4; ++column)
      largest = std::max(largest, std::fabs(double{image.sto_xyz.m[row][column]} - image.qto_xyz.m[row][column]));
  return largest;
}

}  // namespace

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
    if (!std::isfinite(grid.origin_mm[axis])) {
      findings.error(where, "has an affine that is not finite", "write the sform anew, in RAS");
      return std::nullopt;
    }
    for (int other = 0; other < 3; ++other) {
      const bool is_straight = axis == other || std::fabs(affine.m[axis][other]) < 1e-3;
      if (is_straight && grid.spacing_mm[axis] > 0.0) continue;
      findings.error(where, "has other axes than L, P, S", "resample the volume to a straight grid with these axes");
      return std::nullopt;
    }
  }
  const double difference = image.sform_code > 0 && image.qform_code > 0 ? difference_of_forms(image) : 0.0;
  if (!(difference <= 0.01)) {
    char text[96];
    std::snprintf(text, sizeof text, "says two places: sform and qform differ by up to %.3g", difference);
    findings.warn(where, text, "the sform is taken; set both alike, or the code of the wrong one to 0");
  }
  if (image.xyz_units != NIFTI_UNITS_MM && image.xyz_units != NIFTI_UNITS_UNKNOWN)
    findings.warn(where, "says that its lengths are not in mm", "they are taken as mm; check the spacing");
  return grid;
}

std::optional<NiftiFile> open_nifti(const std::filesystem::path& path, Findings& findings) {
  const std::string where = quotable(path.filename().string());
  InputFile opened(path);
  if (!opened.fault().is_none()) {
    const bool is_missing = opened.fault().what == "is missing";
    findings.error(where, opened.fault().what, is_missing ? "put the file into the case folder" : opened.fault().fix);
    return std::nullopt;
  }
  Unpacking unpacking(opened.release());
  std::string bytes;
  unpacking.append(bytes, sizeof(nifti_1_header));
  if (!unpacking.fault().empty()) {
    findings.error(where, unpacking.fault(), "copy the file again from its source");
    return std::nullopt;
  }
  const auto layout = read_layout(bytes, where, findings);
  if (!layout) return std::nullopt;
  // Grows with what is there: a header that promises much costs no memory by itself.
  const std::size_t whole = layout->offset_bytes + layout->volume_bytes;
  const bool has_end = unpacking.finish(bytes, whole - bytes.size(), kMostTrailingBytes);
  if (!unpacking.fault().empty()) {
    findings.error(where, unpacking.fault(), "copy the file again from its source");
    return std::nullopt;
  }
  if (bytes.size() < whole) {
    findings.error(where,
                   "is not a complete NIfTI volume: its header promises " + std::to_string(layout->volume_bytes) +
                       " bytes of voxels, " +
                       std::to_string(bytes.size() - std::min(bytes.size(), layout->offset_bytes)) + " are there",
                   "copy the file again or write it anew");
    return std::nullopt;
  }
  if (!has_end) {
    findings.error(where, "goes on far behind the voxels that its header promises", "write it anew");
    return std::nullopt;
  }
  NiftiFile file;
  nifti_set_debug_level(0);
  file.header.reset(nifti_convert_nhdr2nim(layout->header, nullptr));
  if (!file.header) {
    findings.error(where, "has a header that makes no sense", "write it anew");
    return std::nullopt;
  }
  bytes.erase(0, layout->offset_bytes);
  file.voxels = std::move(bytes);
  if (layout->is_swapped && file.header->swapsize > 1)
    nifti_swap_Nbytes(file.voxels.size() / file.header->swapsize, file.header->swapsize, file.voxels.data());
  return file;
}

}  // namespace rtmodel
