#pragma once

#include "dh_advisor/features.h"
#include "problem.h"

namespace rtmodel {

/// The client library's per-beamlet features of a problem: one pass over the matrix.
dh_advisor::BeamletFeatures beamlet_features(const PlanProblem& problem);

}  // namespace rtmodel
