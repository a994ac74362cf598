#pragma once

#include <vector>

#include "problem.h"

namespace rtmodel {

/// Dose of every beamlet to every structure as planned, Gy per unit weight, n x structures, row-major.
struct StructureDoses {
  std::vector<double> mean;
  std::vector<double> maximum;
};

/// One pass over the structures' rows of the matrix.
StructureDoses structure_doses(const PlanProblem& problem);

}  // namespace rtmodel
