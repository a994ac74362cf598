#pragma once

#include <vector>

#include "dh_advisor/plan.h"
#include "problem.h"

namespace rtmodel {

/// Dose in Gy that the hottest `volume_percent` of the sorted doses get at least: linear between voxels, as a
/// percentile. `ascending_gy` must not be empty.
double dose_at_percent(const std::vector<double>& ascending_gy, double volume_percent);

/// Dose in Gy that the hottest `volume_cc` get at least; the maximum when that is less than one voxel, the minimum when
/// it is more than all.
double dose_at_volume(const std::vector<double>& ascending_gy, double voxel_volume_cc, double volume_cc);

/// Share of the prescribed dose whose isodose counts as treated volume.
inline constexpr double kTreatedIsodose = 0.95;

/// The figures of merit of a dose, on the contours inside the planned slices (overlap included):
/// targets D95, D98, D50, D2, Dmean in Gy, `HI` = (D2 - D98) / D50 (ICRU 83) and `paddick`, the conformity index of the
/// 95 % isodose among the planned voxels (Paddick, J Neurosurg 93 suppl 3, 2000); organs and normal tissue Dmean and
/// D0.1cc in Gy.
std::vector<dh_advisor::DoseMetric> dose_metrics(const PlanProblem& problem, const std::vector<double>& dose_gy);

}  // namespace rtmodel
