#include "metrics/dose_volume_curve.h"

#include <algorithm>

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

}  // namespace rtmodel
