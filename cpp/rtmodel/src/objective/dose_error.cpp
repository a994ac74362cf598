#include "objective/dose_error.h"

#include <limits>

namespace rtmodel {
namespace {

/// Only sets the size of the value, which is compared with nothing but itself.
constexpr double kUnitGy = 5.0;

}  // namespace

DoseError::DoseError(const PlannedStructure& structure)
    : rows_(structure.planned_rows),
      share_(structure.description.objective_weight / (static_cast<double>(rows_.size()) * kUnitGy * kUnitGy)),
      lowest_gy_(0.0),
      highest_gy_(std::numeric_limits<double>::infinity()) {
  for (const auto& point : structure.description.prescription) {
    if (point.volume_fraction >= 1.0) lowest_gy_ = point.dose_gy;
    if (point.volume_fraction > 0.0) continue;
    highest_gy_ = point.dose_gy;
    break;
  }
}

double DoseError::outside_gy(double dose_gy) const {
  if (dose_gy < lowest_gy_) return dose_gy - lowest_gy_;
  return dose_gy > highest_gy_ ? dose_gy - highest_gy_ : 0.0;
}

double DoseError::evaluate(const double* dose_gy) const {
  double sum = 0.0;
  for (int row : rows_) {
    const double outside = outside_gy(dose_gy[row]);
    sum += outside * outside;
  }
  return share_ * sum;
}

double DoseError::slope(double dose_gy) const { return 2.0 * share_ * outside_gy(dose_gy); }

}  // namespace rtmodel
