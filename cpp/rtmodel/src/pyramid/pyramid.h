#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "fidelity.h"
#include "objective/influence_runs.h"
#include "pyramid/interpolation.h"

namespace rtmodel {

constexpr std::uint32_t kLevelCount = 4;
constexpr std::uint32_t kCoarsestLevel = kLevelCount - 1;
/// 5 Gy/mm times dH's level sigmas of 0.5, 1.3, 3.2 and 8 mm, finest first.
constexpr std::array<double, kLevelCount> kLevelSigmaGy{2.5, 6.5, 16.0, 40.0};
/// The same as dH computes them, 20 Gy / {8, 3.2, 1.3, 0.5}.
constexpr std::array<double, kLevelCount> kShippedLevelSigmaGy{20.0 / 8.0, 20.0 / 3.2, 20.0 / 1.3, 20.0 / 0.5};
constexpr double level_sigma_gy(Fidelity fidelity, std::uint32_t level) {
  return (fidelity == Fidelity::kShipped ? kShippedLevelSigmaGy : kLevelSigmaGy)[level];
}
/// dH's relative change of F that ends a level, finest first.
constexpr std::array<double, kLevelCount> kLevelTolerance{1e-6, 1e-5, 1e-4, 1e-3};

/// Bounds of the adaptive variance at a histogram sigma, Gy^2.
struct VarianceBounds {
  double lower_gy2;
  double upper_gy2;
};
constexpr VarianceBounds variance_bounds(double sigma_gy) {
  return {0.25 * sigma_gy * sigma_gy, 1.5 * sigma_gy * sigma_gy};
}

/// One level's influence matrix and beamlets. Immutable.
struct Level {
  std::uint32_t index;
  const InfluenceMatrix& influence;
  InfluenceRuns runs;
  std::vector<bool> is_excluded;
  Eigen::VectorXd column_norms;  ///< Gy per unit weight; 0 for excluded beamlets.
  double highest_dose_gy;        ///< Of any voxel with every weight at the ceiling.
  int beamlet_count() const { return runs.columns(); }
};

/// The levels of a plan, each made when it is first asked for: the finest alone costs no product. Not thread-safe.
class Pyramid {
 public:
  /// `problem` must outlive the pyramid. Throws std::invalid_argument when the beams' grids do not match the matrix.
  explicit Pyramid(const PlanProblem& problem);
  virtual ~Pyramid();

  /// `index` below kLevelCount.
  const Level& level(std::uint32_t index);
  int beamlet_count(std::uint32_t index) const;
  /// Of every beam.
  const std::vector<LevelGrid>& grids(std::uint32_t index) const { return grids_.at(index); }

  /// Weights of level `from` carried down to the finer level `to`; excluded beamlets get 0.
  Eigen::VectorXd carry_down(const Eigen::VectorXd& weights, std::uint32_t from, std::uint32_t to);

 protected:
  /// A coarse level's matrix, from the doses of its beamlets at the voxels of the level below: the same voxels.
  virtual InfluenceMatrix at_own_voxels(std::uint32_t /*index*/, InfluenceMatrix doses) { return doses; }

 private:
  const Interpolation& interpolation(std::uint32_t fine_index);

  const PlanProblem& problem_;
  std::array<std::vector<LevelGrid>, kLevelCount> grids_;
  std::array<std::unique_ptr<Interpolation>, kLevelCount> interpolations_;
  std::array<std::unique_ptr<InfluenceMatrix>, kLevelCount> coarse_influence_;
  std::array<std::unique_ptr<Level>, kLevelCount> levels_;
};

}  // namespace rtmodel
