#include "metrics/dose_volume_curve.h"

#include <algorithm>

#include "metrics/dose.h"

namespace rtmodel {

std::vector<dh_advisor::DoseVolumePoint> dose_volume_curve(const std::vector<double>& ascending_gy, double step_gy) {
  std::vector<dh_advisor::DoseVolumePoint> curve;
  for (int i = 0;; ++i) {
    const double dose_gy = i * step_gy;
    const auto first = std::lower_bound(ascending_gy.begin(), ascending_gy.end(), dose_gy);
    const auto count = static_cast<double>(ascending_gy.end() - first);
    curve.push_back({dose_gy, count / static_cast<double>(ascending_gy.size())});
    if (first == ascending_gy.end()) return curve;
  }
}

std::vector<dh_advisor::DoseVolumeCurve> dose_volume_curves(const PlanProblem& problem,
                                                            const std::vector<double>& dose_gy) {
  constexpr double kStepGy = 0.5;
  constexpr double kMostSteps = 199.0;  // and one point behind the highest dose
  std::vector<dh_advisor::DoseVolumeCurve> curves;
  for (std::size_t i = 0; i < problem.structures.size(); ++i) {
    const auto ascending_gy = sorted_doses(dose_gy, problem.structures[i].contour_rows);
    if (ascending_gy.empty()) continue;
    const double step_gy = std::max(kStepGy, ascending_gy.back() / kMostSteps);
    curves.push_back({static_cast<std::uint32_t>(i), dose_volume_curve(ascending_gy, step_gy)});
  }
  return curves;
}

}  // namespace rtmodel
