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
  /// Steps of the weights and what each changed the gradient by. Of the dose error, whose curvature the influence
  /// matrix shapes as it does that of F: worth having in the first steps on F.
  std::vector<std::pair<Eigen::VectorXd, Eigen::VectorXd>> pairs;
};

/// Minimises the squared dose error (`DoseError`) for some iterations of bounded L-BFGS. A voxel far outside its wanted
/// doses is felt by no kernel of the histograms, so that F alone gives up for good whatever a start has wrong by much;
/// see docs/adr/0023. Leaves the objective with its histograms. `start` inside the bounds, excluded beamlets 0; so are
/// the weights. Charged to `calls`.
Preparation prepare_start(const Eigen::VectorXd& start, std::uint32_t iterations, const BoundedLbfgsOptions& options,
                          Objective& objective, CallCounts& calls);

}  // namespace rtmodel
