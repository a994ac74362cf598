#include "advice/features.h"

#include <algorithm>

namespace rtmodel {

StructureDoses structure_doses(const PlanProblem& problem) {
  const std::size_t structures = problem.structures.size();
  const std::size_t size = static_cast<std::size_t>(problem.influence.cols()) * structures;
  StructureDoses doses{std::vector<double>(size, 0.0), std::vector<double>(size, 0.0)};
  for (std::size_t s = 0; s < structures; ++s) {
    const std::vector<int>& rows = problem.structures[s].planned_rows;
    const double share = 1.0 / static_cast<double>(std::max<std::size_t>(rows.size(), 1));
    for (int row : rows) {
      for (InfluenceMatrix::InnerIterator entry(problem.influence, row); entry; ++entry) {
        const std::size_t at = static_cast<std::size_t>(entry.col()) * structures + s;
        const double dose = entry.value();
        doses.mean[at] += dose * share;
        doses.maximum[at] = std::max(doses.maximum[at], dose);
      }
    }
  }
  return doses;
}

}  // namespace rtmodel
