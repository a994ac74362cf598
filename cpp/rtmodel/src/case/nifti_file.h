#pragma once

#include <nifti1_io.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "case/finding.h"
#include "case/grid.h"

namespace rtmodel {

/// A NIfTI-1 file of one volume.
struct NiftiFile {
  std::unique_ptr<nifti_image, decltype(&nifti_image_free)> header{nullptr, &nifti_image_free};
  std::string voxels;  ///< As stored, in this machine's byte order.
};

/// Reads a whole file, gzipped or not. What its header says is checked before memory is taken, and what is read is
/// bounded by it, so that a small file can't unpack to gigabytes. Faults go to `findings` under the file's name.
std::optional<NiftiFile> open_nifti(const std::filesystem::path& path, Findings& findings);

/// The grid of a header with the axes L, P, S. Warns where sform and qform differ.
std::optional<Grid> grid_of(const nifti_image& image, const std::string& where, Findings& findings);

}  // namespace rtmodel
