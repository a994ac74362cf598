#pragma once

#include <nifti1.h>

#include <cstddef>
#include <optional>
#include <string>

#include "case/finding.h"

namespace rtmodel {

/// Where the volume lies in an unpacked NIfTI-1 file.
struct NiftiLayout {
  nifti_1_header header{};  ///< As stored, in the file's byte order.
  std::size_t offset_bytes = 0;
  std::size_t volume_bytes = 0;
  bool is_swapped = false;  ///< Stored in the other byte order.
};

/// Understands the first 348 bytes of a file, before anything else of it is read: refuses what is no NIfTI-1 by its
/// kind, and sizes that are beyond what a plan can hold.
std::optional<NiftiLayout> read_layout(const std::string& bytes, const std::string& where, Findings& findings);

}  // namespace rtmodel
