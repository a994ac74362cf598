#pragma once

#include "problem.h"

namespace rtmodel::testing {

struct SmallPlanOptions {
  int beams = 5;
  int columns = 15;
  int rows = 1;
  int slices = 1;  ///< Of voxels; more than one makes a three-dimensional plan.
  double prescribed_dose_gy = 60.0;
};

/// A disc (or cylinder) of 5 mm voxels with a target, a cord beside it and normal tissue, and pencil beams of Gaussian
/// profile and exponential depth dose: small, made in milliseconds, and shaped like a real plan. Beamlets that miss the
/// target by far are excluded.
PlanProblem small_plan(const SmallPlanOptions& options = {});

}  // namespace rtmodel::testing
