#include "pyramid/pyramid.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "objective/parameterization.h"

namespace rtmodel {
namespace {

int total(const std::vector<LevelGrid>& grids) {
  int count = 0;
  for (const LevelGrid& grid : grids) count += grid.count();
  return count;
}

Level make_level(std::uint32_t index, const InfluenceMatrix& influence, const std::vector<bool>* is_excluded) {
  Level level{index, influence, InfluenceRuns(influence), {}, Eigen::VectorXd::Zero(influence.cols()), 0.0};
  for (int row = 0; row < influence.rows(); ++row) {
    double row_sum = 0.0;
    for (InfluenceMatrix::InnerIterator entry(influence, row); entry; ++entry) {
      const double value = entry.value();
      level.column_norms[entry.col()] += value * value;
      row_sum += value;
    }
    level.highest_dose_gy = std::max(level.highest_dose_gy, row_sum * kWeightCeiling);
  }
  level.column_norms = level.column_norms.cwiseSqrt();
  for (int i = 0; i < influence.cols(); ++i) {
    const bool is_named = is_excluded != nullptr && (*is_excluded)[static_cast<std::size_t>(i)];
    level.is_excluded.push_back(is_named || level.column_norms[i] == 0.0);
  }
  return level;
}

}  // namespace

Pyramid::Pyramid(const PlanProblem& problem) : problem_(problem) {
  grids_[0] = finest_grids(problem.beams);
  for (std::uint32_t index = 1; index < kLevelCount; ++index) {
    for (const LevelGrid& grid : grids_[index - 1]) grids_[index].push_back(halved(grid));
  }
  const int beamlets = total(grids_[0]);
  if (beamlets != problem.influence.cols() || problem.is_excluded.size() != static_cast<std::size_t>(beamlets)) {
    throw std::invalid_argument("the beams have " + std::to_string(beamlets) + " beamlets, the influence matrix " +
                                std::to_string(problem.influence.cols()) + " columns and the mask " +
                                std::to_string(problem.is_excluded.size()) + " entries: make them equal");
  }
}

Pyramid::~Pyramid() = default;

int Pyramid::beamlet_count(std::uint32_t index) const { return total(grids_.at(index)); }

const Interpolation& Pyramid::interpolation(std::uint32_t fine_index) {
  auto& made = interpolations_.at(fine_index);
  if (!made) made = std::make_unique<Interpolation>(interpolation_to(grids_[fine_index]));
  return *made;
}

const Level& Pyramid::level(std::uint32_t index) {
  auto& made = levels_.at(index);
  if (made) return *made;
  if (index == 0) {
    made = std::make_unique<Level>(make_level(0, problem_.influence, &problem_.is_excluded));
  } else {
    const Level& finer = level(index - 1);
    coarse_influence_[index] =
        std::make_unique<InfluenceMatrix>(at_own_voxels(index, finer.influence * interpolation(index - 1)));
    coarse_influence_[index]->makeCompressed();
    made = std::make_unique<Level>(make_level(index, *coarse_influence_[index], nullptr));
  }
  return *made;
}

Eigen::VectorXd Pyramid::carry_down(const Eigen::VectorXd& weights, std::uint32_t from, std::uint32_t to) {
  Eigen::VectorXd carried = weights;
  for (std::uint32_t index = from; index > to; --index) {
    carried = interpolation(index - 1).cast<double>() * carried;
    const Level& finer = level(index - 1);
    for (int i = 0; i < carried.size(); ++i) {
      if (finer.is_excluded[static_cast<std::size_t>(i)]) carried[i] = 0.0;
    }
  }
  return carried;
}

}  // namespace rtmodel
