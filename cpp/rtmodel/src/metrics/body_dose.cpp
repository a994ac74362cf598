#include "metrics/body_dose.h"

#include <omp.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "checks/checks.h"
#include "dose/beam_at_voxel.h"
#include "dose/dose_model.h"

namespace rtmodel {
namespace {

/// What is left out of each column of the matrix, in Gy: the same must be left out elsewhere, or the dose would have a
/// step where the planned voxels end.
std::vector<double> cut_offs_gy(const InfluenceMatrix& influence) {
  std::vector<double> highest(static_cast<std::size_t>(influence.cols()), 0.0);
  for (int row = 0; row < influence.rows(); ++row)
    for (InfluenceMatrix::InnerIterator entry(influence, row); entry; ++entry)
      highest[entry.col()] = std::max(highest[entry.col()], static_cast<double>(entry.value()));
  for (auto& value : highest) value *= kDoseModel.cut_off;
  return highest;
}

std::vector<int> body_voxels(const Case& value, const CaseStructure& body, int slice) {
  const int per_slice = value.grid.size[0] * value.grid.size[1];
  std::vector<int> voxels;
  for (int i = slice * per_slice; i < (slice + 1) * per_slice; ++i)
    if (value.is_in(body, static_cast<std::size_t>(i))) voxels.push_back(i);
  return voxels;
}

}  // namespace

std::vector<float> body_dose(const Case& value, const BuiltPlan& plan, const std::vector<double>& weights,
                             int threads) {
  if (weights.size() != static_cast<std::size_t>(plan.beamlets.count()))
    throw std::invalid_argument("weights: " + std::to_string(weights.size()) + " given, the plan has " +
                                std::to_string(plan.beamlets.count()) + " beamlets");
  threads = threads > 0 ? threads : omp_get_max_threads();
  const CaseStructure* body = body_of(value);
  std::vector<float> dose_gy(value.grid.voxel_count(), 0.0F);
  if (body == nullptr) return dose_gy;
  const auto cut_off = cut_offs_gy(plan.problem.influence);
  const int beams = static_cast<int>(plan.beamlets.beams.size());
  for (int slice = 0; slice < value.grid.size[2]; ++slice) {
    const auto voxels = body_voxels(value, *body, slice);
    const auto seen = see_voxels(plan.density, plan.beamlets, voxels, threads);
#pragma omp parallel num_threads(threads)
    {
      BeamAtVoxel beam_at_voxel(plan.beamlets);
#pragma omp for schedule(dynamic, 64)
      for (int i = 0; i < static_cast<int>(voxels.size()); ++i) {
        double sum = 0.0;
        for (int b = 0; b < beams; ++b)
          beam_at_voxel.for_each(b, seen[static_cast<std::size_t>(i) * beams + b], [&](int beamlet, double dose) {
            const double in_gy = dose * plan.gy_per_dose;
            if (in_gy > 0.0 && in_gy >= cut_off[beamlet]) sum += in_gy * weights[beamlet];
          });
        dose_gy[voxels[i]] = static_cast<float>(sum);
      }
    }
  }
  return dose_gy;
}

}  // namespace rtmodel
