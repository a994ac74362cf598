#include <algorithm>
#include <cmath>

#include "features/guarded.h"
#include "features/input.h"
#include "input/input_check.h"

namespace dh_advisor {
namespace {

/// Which structures plan each row: the list of row r is [begin[r], begin[r + 1]) of `structures`.
struct Plans {
  std::vector<std::uint32_t> begin;
  std::vector<std::uint32_t> structures;

  Plans(const FeatureInput& input, const Rows& rows) : begin(rows.count() + 1, 0) {
    for_each(input, rows, [this](std::size_t row, std::uint32_t) { ++begin[row + 1]; });
    for (std::size_t row = 0; row < rows.count(); ++row) begin[row + 1] += begin[row];
    structures.resize(begin.back());
    std::vector<std::uint32_t> next(begin.begin(), begin.end() - 1);
    for_each(input, rows, [&](std::size_t row, std::uint32_t structure) { structures[next[row]++] = structure; });
  }

 private:
  template <typename Visit>
  static void for_each(const FeatureInput& input, const Rows& rows, Visit&& visit) {
    for (std::uint32_t s = 0; s < input.structures.size(); ++s)
      for (const std::uint32_t voxel : input.structures[s].planned)
        visit(static_cast<std::size_t>(rows.row_of(voxel)), s);
  }
};

BeamletFeatures build(const FeatureInput& input) {
  const Rows rows(input);
  const Plans plans(input, rows);
  const std::size_t structures = input.structures.size();
  std::vector<double> share(structures);
  for (std::size_t s = 0; s < structures; ++s)
    share[s] = 1.0 / static_cast<double>(std::max<std::size_t>(input.structures[s].planned.count, 1));

  BeamletFeatures features;
  features.column_norm.assign(input.beamlet_count, 0.0);
  features.mean_dose.assign(input.beamlet_count * structures, 0.0);
  features.max_dose.assign(input.beamlet_count * structures, 0.0);
  for_each_entry(input, [&](std::uint32_t beamlet, std::uint32_t voxel, double dose) {
    const std::int32_t row = rows.row_of(voxel);
    if (row == Rows::kNone) return;
    features.column_norm[beamlet] += dose * dose;
    for (std::uint32_t k = plans.begin[row]; k < plans.begin[row + 1]; ++k) {
      const std::uint32_t structure = plans.structures[k];
      const std::size_t at = beamlet * structures + structure;
      features.mean_dose[at] += dose * share[structure];
      features.max_dose[at] = std::max(features.max_dose[at], dose);
    }
  });
  for (double& norm : features.column_norm) norm = std::sqrt(norm);
  return features;
}

}  // namespace

Status build_beamlet_features(const FeatureInput& input, BeamletFeatures& features) {
  features = {};
  return guarded("features", [&] {
    check_input(input);
    features = build(input);
  });
}

Status flat_weight(const std::vector<Structure>& structures, const std::vector<double>& mean_dose, double& weight) {
  return guarded("flat_weight", [&] {
    require(!structures.empty(), "structures is empty");
    require(!mean_dose.empty() && mean_dose.size() % structures.size() == 0,
            "mean_dose must have beamlets x structures values");
    const Structure* target = nullptr;
    for (const Structure& structure : structures) {
      if (structure.role != StructureRole::kTarget || !(structure.prescribed_dose_gy.value_or(0.0) > 0.0)) continue;
      if (target == nullptr || *structure.prescribed_dose_gy > *target->prescribed_dose_gy) target = &structure;
    }
    require(target != nullptr, "structures has no target with a prescribed_dose_gy");
    double unit_dose_gy = 0.0;
    const auto column = static_cast<std::size_t>(target - structures.data());
    for (std::size_t at = column; at < mean_dose.size(); at += structures.size()) unit_dose_gy += mean_dose[at];
    if (!(unit_dose_gy > 0.0 && std::isfinite(unit_dose_gy)))
      throw InputMistake{"mean_dose of " + item("structures", column) + " (" + target->name +
                         ") is nothing or not finite: no beamlet reaches the target"};
    weight = *target->prescribed_dose_gy / unit_dose_gy;
  });
}

}  // namespace dh_advisor
