#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "case/finding.h"
#include "case/grid.h"

namespace rtmodel {

template <typename Voxel>
struct Volume {
  Grid grid;
  std::vector<Voxel> voxels;
};

/// Reads HU as int16, or as float32 without NaN, rounded. Faults go to `findings` under the file's name.
std::optional<Volume<std::int16_t>> read_ct(const std::filesystem::path& file, Findings& findings);

/// Reads a bit mask as uint16.
std::optional<Volume<std::uint16_t>> read_masks(const std::filesystem::path& file, Findings& findings);

/// Write gzipped NIfTI-1 with the axes L, P, S. Throw InputError when the file can't be written.
void write_ct(const std::filesystem::path& file, const Grid& grid, const std::vector<std::int16_t>& ct_hu);
void write_masks(const std::filesystem::path& file, const Grid& grid, const std::vector<std::uint16_t>& masks);

}  // namespace rtmodel
