#pragma once

#include <vector>

#include "dh_advisor/plan.h"
#include "problem.h"

namespace rtmodel {

/// Cumulative dose-volume histogram of sorted doses: at 0, step, 2 step, ... up to the first dose that nothing gets,
/// the share that gets at least that dose.
std::vector<dh_advisor::DoseVolumePoint> dose_volume_curve(const std::vector<double>& ascending_gy, double step_gy);

/// That of every structure's contour, in steps of 0.5 Gy, or wider ones so that no curve has more than 201 points.
std::vector<dh_advisor::DoseVolumeCurve> dose_volume_curves(const PlanProblem& problem,
                                                            const std::vector<double>& dose_gy);

}  // namespace rtmodel
