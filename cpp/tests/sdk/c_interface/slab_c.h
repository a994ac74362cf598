#pragma once

#include "dh_advisor/c_checks.h"
#include "features/slab.h"

namespace dh_advisor::testing {

/// The slab through the C interface. Borrowed by `input`.
struct SlabC {
  Slab slab;
  dh_advisor_structure_voxels structures[2]{{{slab.target.data(), 2}, {slab.target.data(), 2}},
                                            {{slab.organ_contour.data(), 2}, {slab.organ_planned.data(), 1}}};
  dh_advisor_feature_input input{};

  SlabC() {
    input.struct_size = sizeof input;
    input.grid = {{5, 1, 1}, {5.0, 5.0, 5.0}, {0.0, 0.0, 0.0}};
    input.beamlet_count = 3;
    input.structures = structures;
    input.structure_count = 2;
    input.dose = [](void* context, const dh_advisor_dose_sink* sink) {
      for (const auto& entry : static_cast<const Slab*>(context)->entries)
        dh_advisor_add_dose(sink, entry.beamlet, entry.voxel, entry.dose);
    };
    input.dose_context = &slab;
  }
  SlabC(const SlabC&) = delete;
};

}  // namespace dh_advisor::testing
