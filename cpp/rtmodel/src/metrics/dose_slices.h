#pragma once

#include <vector>

#include "case/grid.h"
#include "dh_advisor/plan.h"
#include "problem.h"

namespace rtmodel {

/// The dose in the planes through the isocentre, 0 where none was planned: all three, of a plan of one slice the axial
/// one. Of more than 256 rows or columns every second, third, ... is kept.
std::vector<dh_advisor::DoseSlice> dose_slices(const Grid& grid, const PlanProblem& problem,
                                               const std::vector<double>& dose_gy);

}  // namespace rtmodel
