#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <utility>
#include <vector>

#include "objective/evaluator.h"
#include "solver/bounded_lbfgs_options.h"

namespace rtmodel {

/// A start without the worst dose errors, and the curvature met on the way.
struct Preparation {
  Eigen::VectorXd weights;
  /// Steps of the weights and what each changed the gradient by. The influence matrix shapes the curvature of the dose
  /// error as it does that of F: worth having in the first steps on F.
  std::vector<std::pair<Eigen::VectorXd, Eigen::VectorXd>> pairs;
};

/// How a start is prepared: iterations, 0 for not at all, on what.
struct PreparationTask {
  std::uint32_t iterations = 0;
  Measure measure;
};

/// Minimises a measure with squared dose error (`DoseError`) in it for some iterations of bounded L-BFGS. A voxel far
/// outside its wanted doses is felt by no kernel of the histograms, so that F alone gives up for good whatever a start
/// has wrong by much; see docs/adr/0023. Leaves the objective with F as its measure. `start` inside the bounds,
/// excluded beamlets 0; so are the weights. Charged to `calls`.
Preparation prepare_start(const Eigen::VectorXd& start, const PreparationTask& task, const BoundedLbfgsOptions& options,
                          LevelObjective& objective, CallCounts& calls);

}  // namespace rtmodel
