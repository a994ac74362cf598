#pragma once

#include <vector>

#include "dh_advisor/features.h"

namespace dh_advisor::testing {

/// Five voxels in a row, three beamlets (the last excluded), a target with an organ that overlaps it.
struct Slab {
  struct Entry {
    std::uint32_t beamlet, voxel;
    double dose;
  };
  std::vector<Entry> entries{{0, 0, 3.0}, {0, 1, 4.0}, {0, 2, 12.0}, {0, 4, 100.0}, {1, 1, 2.0}};
  std::vector<std::uint32_t> target{0, 1};
  std::vector<std::uint32_t> organ_contour{1, 2};
  std::vector<std::uint32_t> organ_planned{2};

  /// Borrows this.
  FeatureInput input() const {
    FeatureInput input;
    input.grid = {{5, 1, 1}, {5.0, 5.0, 5.0}, {0.0, 0.0, 0.0}};
    input.beamlet_count = 3;
    input.structures = {{target, target}, {organ_contour, organ_planned}};
    input.dose = [entries = entries](const DoseSink& sink) {
      for (const Entry& entry : entries) sink(entry.beamlet, entry.voxel, entry.dose);
    };
    return input;
  }
};

}  // namespace dh_advisor::testing
