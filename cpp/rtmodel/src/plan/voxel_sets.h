#pragma once

#include <string>
#include <vector>

#include "case/case.h"
#include "plan/region.h"
#include "prescription/prescription.h"
#include "problem.h"

namespace rtmodel {

/// The structures of a plan as sets of voxels, before there are rows.
struct VoxelSets {
  struct Set {
    dh_advisor::Structure description;
    std::vector<int> planned;  ///< Voxels without overlap, ascending.
    std::vector<int> contour;  ///< Voxels of the contour inside the region, ascending.
  };
  std::vector<Set> sets;        ///< Targets first, highest prescription first; normal tissue last.
  std::vector<int> voxels;      ///< Union of all contours and the shell, ascending: the rows.
  std::vector<bool> is_target;  ///< Of the whole grid, inside the region.
};

/// Gives every voxel to its structures: a target voxel to its highest prescription, organs and normal tissue without
/// targets. Structures left out are told in `notes`. Throws InputError when no target is left.
VoxelSets assign_voxels(const Case& value, const Region& region, const Prescription& prescription,
                        std::vector<std::string>& notes);

}  // namespace rtmodel
