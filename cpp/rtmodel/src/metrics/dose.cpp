#include "metrics/dose.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace rtmodel {

std::vector<double> recompute_dose(const PlanProblem& problem, const std::vector<double>& weights) {
  if (weights.size() != static_cast<std::size_t>(problem.influence.cols()))
    throw std::invalid_argument("weights: " + std::to_string(weights.size()) + " given, the plan has " +
                                std::to_string(problem.influence.cols()) + " beamlets");
  std::vector<double> dose_gy(static_cast<std::size_t>(problem.influence.rows()), 0.0);
#pragma omp parallel for schedule(static)
  for (int row = 0; row < static_cast<int>(dose_gy.size()); ++row) {
    double sum = 0.0;
    for (InfluenceMatrix::InnerIterator entry(problem.influence, row); entry; ++entry)
      sum += static_cast<double>(entry.value()) * weights[static_cast<std::size_t>(entry.col())];
    dose_gy[static_cast<std::size_t>(row)] = sum;
  }
  return dose_gy;
}

std::vector<double> sorted_doses(const std::vector<double>& dose_gy, const std::vector<int>& rows) {
  std::vector<double> doses(rows.size());
  std::transform(rows.begin(), rows.end(), doses.begin(), [&](int row) { return dose_gy[row]; });
  std::sort(doses.begin(), doses.end());
  return doses;
}

}  // namespace rtmodel
