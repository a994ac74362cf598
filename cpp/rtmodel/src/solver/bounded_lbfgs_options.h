#pragma once

namespace rtmodel {

/// Settings of bounded L-BFGS; the defaults come from tools/tune_lbfgs on training patients.
struct BoundedLbfgsOptions {
  int pairs = 50;
  /// Pairs of one stage are kept for the next on the same grid.
  bool keeps_pairs = false;
  /// Longest first step without any pair, as a fraction of the length of the scaled weights.
  double first_step = 0.1;
  /// How far the scale of a weight follows the weights of the structures its beamlet irradiates; see
  /// `Objective::felt_norms`.
  double structure_share = 0.5;
  double curvature = 0.9;  ///< Of the strong Wolfe conditions.
  /// Iterations over which the relative change is measured and averaged before a stage counts as converged.
  int window = 5;
};

}  // namespace rtmodel
