#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "case/grid.h"

namespace rtmodel {

/// Which structures a voxel lies in: bit i = the structure with that bit.
using Mask = std::uint64_t;
constexpr int kMaskBits = 64;

enum class CaseRole { kTarget, kOrgan, kBody };

/// A contoured structure: one bit of the mask volume.
struct CaseStructure {
  std::string name;
  std::string tg263_name;  ///< Empty when there is none.
  CaseRole role = CaseRole::kOrgan;
  int bit = 0;                               ///< In [0, 63].
  std::optional<double> prescribed_dose_gy;  ///< Targets only.
  bool is_implausible = false;               ///< The contour is flagged as wrong: never planned on.
};

/// A patient or phantom as read from a case folder; see docs/case-format.md.
struct Case {
  std::string id;
  Grid grid;
  std::vector<std::int16_t> ct_hu;
  std::vector<Mask> masks;
  std::vector<CaseStructure> structures;
  Vector3 isocenter_mm{};
  std::vector<std::string> quality_flags;
  bool is_plannable = true;

  bool is_in(const CaseStructure& structure, std::size_t voxel) const { return masks[voxel] >> structure.bit & 1U; }
  std::size_t count_voxels(const CaseStructure& structure) const {
    return static_cast<std::size_t>(
        std::count_if(masks.begin(), masks.end(), [&](Mask mask) { return mask >> structure.bit & 1U; }));
  }
};

}  // namespace rtmodel
