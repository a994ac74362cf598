#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "case/case.h"
#include "dose/density_grid.h"
#include "fidelity.h"
#include "geometry/beamlet_grid.h"
#include "prescription/prescription.h"
#include "problem.h"

namespace rtmodel {

struct PlanOptions {
  /// The plans that are usual for a fidelity. Shipped: dH's grid of 39 x 1 beamlets of 4 x 20 mm, none of them
  /// excluded, for the isocentre slice, and dH's goals.
  static PlanOptions of(Fidelity fidelity);

  std::vector<BeamAngles> beams = equispaced_beams(9);
  double beamlet_mm = 5.0;  ///< Spacing at the isocentre plane, in [1, 50].
  /// Plan only slices within so many mm of the isocentre slice, with one row of beamlets; absent = the whole target.
  std::optional<double> window_mm = 15.0;
  /// Height of that one row, mm, in (0, 600]; absent = both sides of the window and 10 mm more.
  std::optional<double> row_height_mm;
  /// Columns of every beam, odd; 0 = as many as cover the targets.
  int columns = 0;
  /// Beamlets that touch no target are excluded.
  bool excludes_beamlets = true;
  Prescription prescription = Prescription::standard();
  /// Largest memory that planning may take, 10^9 bytes; absent = three quarters of what there is.
  std::optional<double> memory_limit_gb;
  int threads = 0;  ///< 0 = all; never changes a bit of the problem.
};

/// A problem and what made it, for features, pictures and people.
struct BuiltPlan {
  PlanProblem problem;
  BeamletGrid beamlets;
  DensityGrid density;
  double gy_per_dose = 1.0;        ///< What the influence matrix was scaled by: Gy for a unit of the dose model.
  int slice = 0;                   ///< z index of the isocentre slice.
  std::vector<std::string> notes;  ///< What was left out or changed, one sentence each.
};

/// Makes the problem of one plan: voxels, beamlets, influence matrix, goals. Throws InputError when no plan can be
/// made.
BuiltPlan build_problem(const Case& value, const PlanOptions& options);

}  // namespace rtmodel
