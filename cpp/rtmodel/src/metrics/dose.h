#pragma once

#include <vector>

#include "problem.h"

namespace rtmodel {

/// Dose in Gy at every row for `weights` (length n, else throws std::invalid_argument), in double precision and a fixed
/// order, so that every arm is judged by the same figures.
std::vector<double> recompute_dose(const PlanProblem& problem, const std::vector<double>& weights);

/// Doses of the given rows, ascending.
std::vector<double> sorted_doses(const std::vector<double>& dose_gy, const std::vector<int>& rows);

}  // namespace rtmodel
