#include "objective/objective.h"

#include <omp.h>

#include <algorithm>
#include <stdexcept>

#include "objective/parameterization.h"

namespace rtmodel {
namespace {

/// Bins cost time only where there is dose; this keeps a matrix in the wrong unit from asking for gigabytes.
constexpr double kHighestBinnedDoseGy = 4096.0;
/// With fewer values a call is so short that waiting for a second thread on a busy machine costs more than it saves.
constexpr std::size_t kValuesForThreads = 2'000'000;

int useful_threads(int wanted, std::size_t values) {
  const int automatic = values < kValuesForThreads ? 1 : omp_get_max_threads();
  return std::clamp(wanted > 0 ? wanted : automatic, 1, InfluenceRuns::kBlocks);
}

}  // namespace

Objective::Objective(const Level& level, const std::vector<PlannedStructure>& structures, int threads)
    : LevelObjective(level), threads_(useful_threads(threads, level.runs.value_count())) {
  const double highest_dose_gy = std::min(level.highest_dose_gy, kHighestBinnedDoseGy);
  const auto rows = static_cast<std::size_t>(level.runs.rows());
  std::vector<int> counts(rows + 1, 0);
  for (std::uint32_t index = 0; index < structures.size(); ++index) {
    if (structures[index].description.objective_weight <= 0.0) continue;
    divergences_.emplace_back(structures[index], highest_dose_gy);
    dose_errors_.emplace_back(structures[index]);
    structure_indices_.push_back(index);
    for (int row : divergences_.back().rows()) ++counts.at(static_cast<std::size_t>(row) + 1);
  }
  if (divergences_.empty()) {
    throw std::invalid_argument("no structure has a positive objective weight: give at least one");
  }
  for (std::size_t row = 0; row < rows; ++row) counts[row + 1] += counts[row];
  row_structures_begin_ = counts;
  row_structures_.resize(static_cast<std::size_t>(counts.back()));
  for (std::size_t s = 0; s < divergences_.size(); ++s) {
    for (int row : divergences_[s].rows()) {
      row_structures_[static_cast<std::size_t>(counts[static_cast<std::size_t>(row)]++)] = static_cast<int>(s);
    }
  }
  dose_gy_.resize(rows);
  share_.resize(rows);
  structure_values_.resize(divergences_.size());
  shared_weights_.resize(size());
  block_gradients_.resize(size(), InfluenceRuns::kBlocks);
  set_sigma(kLevelSigmaGy[level.index]);
}

void Objective::set_sigma(double sigma_gy, const StructureSigmas& structure_sigmas) {
  take_sigma(sigma_gy);
  for (std::size_t s = 0; s < divergences_.size(); ++s) {
    const auto given = structure_sigmas.find(structure_indices_[s]);
    VarianceBounds bounds = bounds_;
    if (given != structure_sigmas.end()) {
      check_sigma(given->second);
      bounds = variance_bounds(given->second * sigma_gy / kLevelSigmaGy[0]);
    }
    divergences_[s].set_variances(bounds.lower_gy2, bounds.upper_gy2);
  }
}

bool Objective::update_shared_weights(const Eigen::VectorXd& weights) {
  if (is_at_minimum_ || measure_.histograms == 0.0) return false;
  const bool is_coarsest = level_.index == kCoarsestLevel;
  bool has_any = false;
  for (int i = 0; i < size(); ++i) {
    const double share = variance_share(variance_gy2_[i], weights[i] / kWeightCeiling, bounds_, is_coarsest);
    shared_weights_[i] = weights[i] * share;
    has_any = has_any || shared_weights_[i] > 0.0;
  }
  return has_any;
}

void Objective::project(const Eigen::VectorXd& weights) {
  if (!holds_shares_) has_shares_ = update_shared_weights(weights);
  const bool needs_shares = has_shares_ && !holds_shares_;
  const InfluenceRuns& runs = level_.runs;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads_)
  for (int block = 0; block < InfluenceRuns::kBlocks; ++block) {
    for (int row = runs.block_begin(block); row < runs.block_begin(block + 1); ++row) {
      const auto at = static_cast<std::size_t>(row);
      if (!needs_shares) {
        dose_gy_[at] = runs.dose(row, weights.data());
        continue;
      }
      double shared_dose = 0.0;
      runs.doses(row, weights.data(), shared_weights_.data(), dose_gy_[at], shared_dose);
      share_[at] = dose_gy_[at] > 0.0 ? std::min(shared_dose / dose_gy_[at], 1.0) : 0.0;
    }
  }
}

double Objective::sum_over_structures(bool with_slopes) {
  const double* share = has_shares_ ? share_.data() : nullptr;
  const int count = static_cast<int>(divergences_.size());
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads_)
  for (int s = 0; s < count; ++s) {
    const auto at = static_cast<std::size_t>(s);
    double value = 0.0;
    if (measure_.histograms > 0.0) {
      value += measure_.histograms * divergences_[at].evaluate(dose_gy_.data(), share, with_slopes);
    }
    if (measure_.dose_error > 0.0) value += measure_.dose_error * dose_errors_[at].evaluate(dose_gy_.data());
    structure_values_[at] = value;
  }
  double sum = 0.0;
  for (double value : structure_values_) sum += value;
  return sum;
}

Eigen::VectorXd Objective::felt_norms(double structure_share) const {
  const InfluenceRuns& runs = level_.runs;
  std::vector<double> importance(static_cast<std::size_t>(runs.rows()));
  double sum = 0.0;
  for (const StructureDivergence& divergence : divergences_) {
    for (int row : divergence.rows()) importance[static_cast<std::size_t>(row)] += divergence.voxel_weight();
    sum += divergence.weight();
  }
  const double per_mean = static_cast<double>(runs.rows()) / sum;
  Eigen::VectorXd squared = Eigen::VectorXd::Zero(size());
  for (int row = 0; row < level_.influence.rows(); ++row) {
    const double counts =
        1.0 - structure_share + structure_share * per_mean * importance[static_cast<std::size_t>(row)];
    for (InfluenceMatrix::InnerIterator entry(level_.influence, row); entry; ++entry) {
      squared[entry.col()] += counts * entry.value() * entry.value();
    }
  }
  return squared.cwiseSqrt();
}

double Objective::row_slope(int row) const {
  const auto at = static_cast<std::size_t>(row);
  double slope = 0.0;
  for (int k = row_structures_begin_[at]; k < row_structures_begin_[at + 1]; ++k) {
    const auto s = static_cast<std::size_t>(row_structures_[static_cast<std::size_t>(k)]);
    if (measure_.histograms > 0.0) {
      slope += measure_.histograms * divergences_[s].slope(dose_gy_[at], has_shares_ ? share_[at] : 0.0);
    }
    if (measure_.dose_error > 0.0) slope += measure_.dose_error * dose_errors_[s].slope(dose_gy_[at]);
  }
  return slope;
}

void Objective::back_project(Eigen::VectorXd& gradient) {
  const InfluenceRuns& runs = level_.runs;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads_)
  for (int block = 0; block < InfluenceRuns::kBlocks; ++block) {
    double* sum = block_gradients_.col(block).data();
    std::fill_n(sum, size(), 0.0);
    for (int row = runs.block_begin(block); row < runs.block_begin(block + 1); ++row) {
      const double slope = row_slope(row);
      if (slope != 0.0) runs.add_scaled_row(row, slope, sum);
    }
  }
  gradient = block_gradients_.col(0);
  for (int block = 1; block < InfluenceRuns::kBlocks; ++block) gradient += block_gradients_.col(block);
}

double Objective::value(const Eigen::VectorXd& weights) {
  project(weights);
  return sum_over_structures(false);
}

double Objective::value_and_gradient(const Eigen::VectorXd& weights, Eigen::VectorXd& gradient) {
  project(weights);
  const double value = sum_over_structures(true);
  back_project(gradient);
  return value;
}

}  // namespace rtmodel
