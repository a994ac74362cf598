#pragma once

#include "dh_advisor/features.h"

namespace rtmodel {

/// The constants of the dose model, of a generic 6 MV beam; docs/dose-model.md gives their sources. Lengths in mm.
struct DoseModel {
  /// Effective attenuation of the depth dose without inverse square, per mm of water.
  double attenuation_per_mm = 0.0045;
  /// Build-up: the dose at the surface is (1 - 0.75) of what attenuation alone gives, and recovers with 4 mm of water;
  /// with the attenuation this puts the maximum at 15 mm.
  double build_up_fraction = 0.75;
  double build_up_mm = 4.0;
  /// Lateral spread of a beamlet's edge: penumbra and electron transport, and phantom scatter.
  double core_sigma_mm = 3.5;
  double core_share = 0.82;
  double scatter_sigma_mm = 18.0;
  double scatter_share = 0.18;
  /// Contributions below this share of a beamlet's highest dose are dropped.
  double cut_off = 1e-3;
  /// Weight on every beamlet that gives the highest prescription as mean dose of its target.
  double uniform_weight = 0.05;
};

inline constexpr DoseModel kDoseModel{};

/// Electron density relative to water: proportional up to water, then the line through cortical bone.
using dh_advisor::relative_density;

/// Dose after `depth_mm` of water relative to the beam in air, without inverse square. Depth at least 0.
double depth_dose(double depth_mm);

}  // namespace rtmodel
