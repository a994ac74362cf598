#pragma once

#include <vector>

#include "dh_advisor/plan.h"

namespace rtmodel {

/// Cumulative dose-volume histogram of sorted doses: at 0, step, 2 step, ... up to the first dose that nothing gets,
/// the share that gets at least that dose.
std::vector<dh_advisor::DoseVolumePoint> dose_volume_curve(const std::vector<double>& ascending_gy, double step_gy);

}  // namespace rtmodel
