#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include "dh_advisor/features.h"

namespace dh_advisor {

/// Checks that throw InputMistake with the field's name.
void check_grid(const VoxelGrid& grid);
void check_span(VoxelSpan voxels, std::size_t voxel_count, const std::string& field);
void check_beams(const std::vector<Beam>& beams);
void check_input(const FeatureInput& input);

/// Numbers the rows of a plan by ascending voxel.
class Rows {
 public:
  explicit Rows(const FeatureInput& input);

  static constexpr std::int32_t kNone = -1;
  std::int32_t row_of(std::size_t voxel) const { return row_of_voxel_[voxel]; }
  std::size_t count() const { return count_; }

 private:
  std::vector<std::int32_t> row_of_voxel_;
  std::size_t count_ = 0;
};

/// Why the entry is none, for `for_each_entry`; throws.
[[noreturn]] void refuse_entry(const FeatureInput& input, std::uint32_t beamlet, std::uint32_t voxel, double dose);

namespace detail {

/// The callback may be a C program's, through which nothing may be thrown: a bad entry is kept and refused afterwards.
template <typename Take>
struct Entries {
  const FeatureInput& input;
  std::size_t voxel_count;
  Take& take;
  bool is_bad = false;
  std::uint32_t beamlet = 0, voxel = 0;
  double dose = 0.0;

  static void receive(void* context, std::uint32_t beamlet, std::uint32_t voxel, double dose) noexcept {
    auto& self = *static_cast<Entries*>(context);
    if (self.is_bad) return;
    // Written so that a NaN is refused, too.
    if (beamlet >= self.input.beamlet_count || voxel >= self.voxel_count || !(dose >= 0.0 && dose <= kHighestDose)) {
      self.is_bad = true;
      self.beamlet = beamlet;
      self.voxel = voxel;
      self.dose = dose;
      return;
    }
    self.take(beamlet, voxel, dose);
  }

  /// Squares and sums of doses up to this are finite.
  static constexpr double kHighestDose = 1e30;
};

}  // namespace detail

/// Calls `take(beamlet, voxel, gy_per_weight)`, which must not throw, for every entry of the source once it is checked.
template <typename Take>
void for_each_entry(const FeatureInput& input, Take&& take) {
  detail::Entries<std::remove_reference_t<Take>> entries{input, input.grid.voxel_count(), take};
  input.dose(DoseSink(&entries.receive, &entries));
  if (entries.is_bad) refuse_entry(input, entries.beamlet, entries.voxel, entries.dose);
}

}  // namespace dh_advisor
