#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dh_advisor/export.h"
#include "dh_advisor/plan.h"
#include "dh_advisor/status.h"

/// Voxels and sets of them, as the feature builders (`features.h`) take them. All functions are pure, thread-safe and
/// never throw: what is wrong comes back as kInvalidInput with the field's name, lack of memory as kFault.
namespace dh_advisor {

using Vector3 = std::array<double, 3>;

/// Largest grid that the builders take, voxels.
constexpr std::size_t kMostVoxels = 100'000'000;

/// A regular grid of voxels in DICOM LPS (x to the patient's left, y posterior, z superior). A voxel is named by its
/// index x + size[0] * (y + size[1] * z).
struct VoxelGrid {
  std::array<std::uint32_t, 3> size{};  ///< x, y, z.
  Vector3 spacing_mm{};
  Vector3 origin_mm{};  ///< Centre of voxel (0, 0, 0).

  std::size_t voxel_count() const { return std::size_t{size[0]} * size[1] * size[2]; }
  std::size_t index(std::uint32_t x, std::uint32_t y, std::uint32_t z) const {
    return x + std::size_t{size[0]} * (y + std::size_t{size[1]} * z);
  }
  std::array<std::uint32_t, 3> coordinates(std::size_t voxel) const {
    return {static_cast<std::uint32_t>(voxel % size[0]), static_cast<std::uint32_t>(voxel / size[0] % size[1]),
            static_cast<std::uint32_t>(voxel / size[0] / size[1])};
  }
  Vector3 center_mm(std::size_t voxel) const {
    const auto at = coordinates(voxel);
    return {origin_mm[0] + at[0] * spacing_mm[0], origin_mm[1] + at[1] * spacing_mm[1],
            origin_mm[2] + at[2] * spacing_mm[2]};
  }
};

/// Borrowed voxel indices of a set, strictly ascending.
struct VoxelSpan {
  const std::uint32_t* data = nullptr;
  std::size_t count = 0;

  VoxelSpan() = default;
  VoxelSpan(const std::uint32_t* first, std::size_t length) : data(first), count(length) {}
  VoxelSpan(const std::vector<std::uint32_t>& voxels) : data(voxels.data()), count(voxels.size()) {}

  const std::uint32_t* begin() const { return data; }
  const std::uint32_t* end() const { return data + count; }
};

/// The voxels whose mask has the bit: one structure of a bit-mask volume. `bit` in [0, 15] or [0, 63].
DH_ADVISOR_API Status voxels_of_bit(const std::uint16_t* masks, std::size_t voxel_count, unsigned bit,
                                    std::vector<std::uint32_t>& voxels);
DH_ADVISOR_API Status voxels_of_bit(const std::uint64_t* masks, std::size_t voxel_count, unsigned bit,
                                    std::vector<std::uint32_t>& voxels);

/// What each structure plans of its contour, by the rule of `proto/dh/advisor/v1/plan.proto`: a voxel in several
/// targets belongs to the one with the highest prescribed dose (the first of equals), and no other structure plans a
/// target's voxel. `structures` as in the plan start, one contour each; `planned` gets one ascending set each.
DH_ADVISOR_API Status planned_voxels(const std::vector<Structure>& structures, const std::vector<VoxelSpan>& contours,
                                     std::vector<std::vector<std::uint32_t>>& planned);

/// Normal tissue as models know it: the voxels of `body` outside `targets` whose centre is at most `width_mm` from the
/// centre of a target's voxel. The reference optimizer plans 30 mm.
DH_ADVISOR_API Status shell_around(const VoxelGrid& grid, VoxelSpan body, VoxelSpan targets, double width_mm,
                                   std::vector<std::uint32_t>& shell);

/// Distance in mm from every voxel's centre to the nearest centre of `voxels`, exact; infinite when there is none. One
/// value a voxel of the grid. Time: three passes over the grid (Felzenszwalb and Huttenlocher, Theory of Computing 8,
/// 2012).
DH_ADVISOR_API Status distance_to(const VoxelGrid& grid, VoxelSpan voxels, std::vector<float>& distance_mm);

/// Surface of the equal-volume ball over the surface of `voxels`, in (0, 1]; 1 for an empty set.
///
/// The surface is that of the voxels' outer faces, each weighted with the cosine between the face and the local normal
/// of the smoothed shape, because bare faces overestimate slanted surfaces by up to the root of three.
DH_ADVISOR_API Status sphericity_of(const VoxelGrid& grid, VoxelSpan voxels, double& sphericity);

}  // namespace dh_advisor
