#include "metrics/dose_metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "metrics/dose.h"

namespace rtmodel {
namespace {

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// (target inside the isodose)^2 / (target * isodose): 1 when both are the same, 0 when they miss each other.
double paddick_conformity(const std::vector<double>& target_gy, const std::vector<double>& dose_gy, double isodose_gy) {
  const auto at_least = [isodose_gy](const std::vector<double>& doses) {
    return static_cast<double>(
        std::count_if(doses.begin(), doses.end(), [isodose_gy](double dose) { return dose >= isodose_gy; }));
  };
  const double treated = at_least(dose_gy);
  const double covered = at_least(target_gy);
  return treated > 0.0 ? covered * covered / (static_cast<double>(target_gy.size()) * treated) : 0.0;
}

}  // namespace

double dose_at_percent(const std::vector<double>& ascending_gy, double volume_percent) {
  const double position = (1.0 - volume_percent / 100.0) * static_cast<double>(ascending_gy.size() - 1);
  const auto low = static_cast<std::size_t>(position);
  const std::size_t high = std::min(low + 1, ascending_gy.size() - 1);
  return ascending_gy[low] + (position - static_cast<double>(low)) * (ascending_gy[high] - ascending_gy[low]);
}

double dose_at_volume(const std::vector<double>& ascending_gy, double voxel_volume_cc, double volume_cc) {
  // Slightly less than a whole number of voxels must not round up to one voxel more.
  const auto voxels = static_cast<std::size_t>(std::ceil(volume_cc / voxel_volume_cc - 1e-9));
  return ascending_gy[ascending_gy.size() - std::clamp<std::size_t>(voxels, 1, ascending_gy.size())];
}

std::vector<dh_advisor::DoseMetric> dose_metrics(const PlanProblem& problem, const std::vector<double>& dose_gy) {
  std::vector<dh_advisor::DoseMetric> metrics;
  for (std::size_t s = 0; s < problem.structures.size(); ++s) {
    const auto& structure = problem.structures[s];
    const auto doses = sorted_doses(dose_gy, structure.contour_rows);
    const auto add = [&](const char* name, double value, const char* unit = "Gy") {
      metrics.push_back({static_cast<std::uint32_t>(s), name, value, unit});
    };
    if (structure.description.role == dh_advisor::StructureRole::kTarget) {
      const double d98 = dose_at_percent(doses, 98.0), d50 = dose_at_percent(doses, 50.0),
                   d2 = dose_at_percent(doses, 2.0);
      add("D95", dose_at_percent(doses, 95.0));
      add("D98", d98);
      add("D50", d50);
      add("D2", d2);
      add("Dmean", mean(doses));
      add("HI", d50 > 0.0 ? (d2 - d98) / d50 : 0.0, "1");
      add("paddick",
          paddick_conformity(doses, dose_gy, kTreatedIsodose * structure.description.prescribed_dose_gy.value_or(0.0)),
          "1");
    } else {
      add("Dmean", mean(doses));
      add("D0.1cc", dose_at_volume(doses, problem.voxel_volume_cc, 0.1));
    }
  }
  return metrics;
}

}  // namespace rtmodel
