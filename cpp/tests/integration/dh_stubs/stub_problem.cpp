#include "stub_problem.h"

#include <cmath>
#include <stdexcept>

#include "objective/parameterization.h"
#include "shipped/beam_terms.h"

namespace dH_stub {
namespace {

constexpr double kGy = 100.0;

/// A voxel's value at a point, linear between the centres in a slice; 0 outside.
double at(VolumeReal& volume, double x, double y) {
  const auto& m = volume.GetDirection();
  const double dx = x - volume.GetOrigin()[0], dy = y - volume.GetOrigin()[1];
  const double i = (m(0, 0) * dx + m(1, 0) * dy) / volume.GetSpacing()[0];
  const double j = (m(0, 1) * dx + m(1, 1) * dy) / volume.GetSpacing()[1];
  const auto width = static_cast<long>(volume.GetBufferedRegion().GetSize()[0]);
  const auto height = static_cast<long>(volume.GetBufferedRegion().GetSize()[1]);
  const long i0 = static_cast<long>(std::floor(i)), j0 = static_cast<long>(std::floor(j));
  if (i0 < 0 || j0 < 0 || i0 + 1 >= width || j0 + 1 >= height) return 0.0;
  const double u = i - static_cast<double>(i0), v = j - static_cast<double>(j0);
  const float* p = volume.GetBufferPointer() + j0 * width + i0;
  return (1 - v) * ((1 - u) * p[0] + u * p[1]) + v * ((1 - u) * p[width] + u * p[width + 1]);
}

}  // namespace

rtmodel::PlannedStructure Problem::structure_of(dH::KLDivTerm& term, const std::vector<int>& row_of_voxel) const {
  rtmodel::PlannedStructure made;
  made.description.name = term.GetVOI()->GetName();
  made.description.objective_weight = term.GetWeight();
  const CMatrixNxM<>& points = term.GetDVPs();
  for (int i = 0; i < points.GetCols(); ++i)
    made.description.prescription.push_back({kGy * points[i][0], points[i][1]});
  const float* region = term.GetVOI()->GetRegion(0)->GetBufferPointer();
  for (std::size_t voxel = 0; voxel < row_of_voxel.size(); ++voxel) {
    if (region[voxel] >= 0.5F) made.planned_rows.push_back(row_of_voxel[voxel]);
  }
  made.contour_rows = made.planned_rows;
  return made;
}

void Problem::sample_beamlets(const std::vector<int>& voxels) {
  VolumeReal& dose = *plan_->m_pDose;
  const auto width = static_cast<int>(dose.GetBufferedRegion().GetSize()[0]);
  std::vector<Eigen::Triplet<float>> entries;
  int first = 0;
  for (CBeam& beam : plan_->beams) {
    const int columns = beam.GetBeamletCount();
    problem_.beams.push_back(
        {rtmodel::iec_gantry_deg(beam.GetGantryAngle()), 0.0, static_cast<std::uint32_t>(columns), 1, 4.0, 20.0});
    for (int at_beamlet = 0; at_beamlet < columns; ++at_beamlet) {
      for (std::size_t row = 0; row < voxels.size(); ++row) {
        const double x = dose.GetOrigin()[0] + dose.GetSpacing()[0] * (voxels[row] % width);
        const double y = dose.GetOrigin()[1] + dose.GetSpacing()[1] * (voxels[row] / width);
        const double value = at(*beam.m_arrBeamlets[static_cast<std::size_t>(at_beamlet)], x, y);
        if (value > 0.0)
          entries.emplace_back(static_cast<int>(row), first + columns - 1 - at_beamlet,
                               static_cast<float>(kGy * value));
      }
    }
    first += columns;
  }
  problem_.influence.resize(static_cast<int>(voxels.size()), first);
  problem_.influence.setFromTriplets(entries.begin(), entries.end());
  problem_.is_excluded.assign(static_cast<std::size_t>(first), false);
}

void Problem::make() {
  if (pyramid_) return;
  VolumeReal& dose = *plan_->m_pDose;
  const auto& size = dose.GetBufferedRegion().GetSize();
  std::vector<int> voxels, row_of_voxel(size[0] * size[1], -1);
  for (std::size_t voxel = 0; voxel < row_of_voxel.size(); ++voxel) {
    for (dH::KLDivTerm* term : terms_) {
      if (row_of_voxel[voxel] >= 0 || term->GetVOI()->GetRegion(0)->GetBufferPointer()[voxel] < 0.5F) continue;
      row_of_voxel[voxel] = static_cast<int>(voxels.size());
      voxels.push_back(static_cast<int>(voxel));
    }
  }
  for (dH::KLDivTerm* term : terms_) problem_.structures.push_back(structure_of(*term, row_of_voxel));
  problem_.grid.size = {static_cast<int>(size[0]), static_cast<int>(size[1]), 1};
  problem_.grid.spacing_mm = dose.GetSpacing();
  problem_.grid.origin_mm = dose.GetOrigin();
  problem_.grid.voxel_of_row = voxels;
  sample_beamlets(voxels);
  pyramid_ = std::make_unique<rtmodel::ShippedPyramid>(problem_);
}

rtmodel::ShippedObjective& Problem::objective(int level) {
  auto& objective = objectives_[static_cast<std::size_t>(level)];
  if (!objective) {
    const auto index = static_cast<std::uint32_t>(level);
    objective = std::make_unique<rtmodel::ShippedObjective>(pyramid_->level(index), problem_.structures,
                                                            pyramid_->regions(index));
  }
  return *objective;
}

double LevelF::operator()(const CVectorN<>& x, const CVectorN<>& variances, double upper_variance,
                          CVectorN<>* gradient) {
  rtmodel::ShippedObjective& objective = problem_->objective(level_);
  if (x.GetDim() != objective.size() || variances.GetDim() != objective.size())
    throw std::logic_error("dH would read behind a vector here");
  const double sigma_gy = kGy * std::sqrt(upper_variance / 1.5);
  if (sigma_gy != sigma_gy_) objective.set_sigma(sigma_gy_ = sigma_gy);
  const auto& grids = problem_->pyramid().grids(static_cast<std::uint32_t>(level_));
  Eigen::VectorXd weights(x.GetDim()), variance_gy2(x.GetDim());
  for (int i = 0; i < x.GetDim(); ++i) {
    weights[i] = rtmodel::weight_of(x[i]);
    variance_gy2[i] = kGy * kGy * variances[i];
  }
  objective.set_variance(rtmodel::mirrored(variance_gy2, grids));
  if (gradient == nullptr) return objective.value(rtmodel::mirrored(weights, grids));
  Eigen::VectorXd uphill;
  const double value = objective.value_and_gradient(rtmodel::mirrored(weights, grids), uphill);
  uphill = rtmodel::mirrored(uphill, grids);
  gradient->SetDim(x.GetDim());
  for (int i = 0; i < x.GetDim(); ++i) (*gradient)[i] = -uphill[i] * rtmodel::weight_slope(weights[i]);
  return value;
}

}  // namespace dH_stub
