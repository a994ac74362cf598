#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "case/case.h"
#include "case/finding.h"
#include "files/output_file.h"

namespace rtmodel {

template <typename Voxel>
struct Volume {
  Grid grid;
  std::vector<Voxel> voxels;
};

/// Reads HU as int16, or as float32 without NaN, rounded. Faults go to `findings` under the file's name.
std::optional<Volume<std::int16_t>> read_ct(const std::filesystem::path& file, Findings& findings);

/// Reads a bit mask as uint16, uint32, uint64, or int32 without negative values.
std::optional<Volume<Mask>> read_masks(const std::filesystem::path& file, Findings& findings);

/// Write gzipped NIfTI-1 with the axes L, P, S; the masks in the smallest type that holds every bit. Throw InputError
/// when the file can't be written. The caller commits.
void write_ct(OutputFile& file, const Grid& grid, const std::vector<std::int16_t>& ct_hu);
void write_masks(OutputFile& file, const Grid& grid, const std::vector<Mask>& masks);

/// Doses in Gy, as float32.
void write_dose(OutputFile& file, const Grid& grid, const std::vector<float>& dose_gy);

/// The same in one step.
void write_ct(const std::filesystem::path& file, const Grid& grid, const std::vector<std::int16_t>& ct_hu);
void write_masks(const std::filesystem::path& file, const Grid& grid, const std::vector<Mask>& masks);

}  // namespace rtmodel
