#include "dose/dose_model.h"

#include <algorithm>
#include <cmath>

namespace rtmodel {
namespace {

/// Cortical bone of ICRU Report 44: electron density 1.78 relative to water, about 1500 HU at 120 kV.
constexpr double kBoneHu = 1500.0;
constexpr double kBoneDensity = 1.78;
/// Teeth and metal: above this a photon beam's CT numbers say little, and streaks would shadow what lies behind.
constexpr double kHighestDensity = 2.5;

}  // namespace

double relative_density(int hu) {
  if (hu <= 0) return std::max(0.0, 1.0 + hu / 1000.0);
  return std::min(kHighestDensity, 1.0 + hu * (kBoneDensity - 1.0) / kBoneHu);
}

double depth_dose(double depth_mm) {
  return std::exp(-kDoseModel.attenuation_per_mm * depth_mm) *
         (1.0 - kDoseModel.build_up_fraction * std::exp(-depth_mm / kDoseModel.build_up_mm));
}

}  // namespace rtmodel
