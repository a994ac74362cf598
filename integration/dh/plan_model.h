#pragma once

#include <PlanOptimizer.h>

#include <string>
#include <vector>

#include "adapter_options.h"
#include "conversions.h"
#include "dh_advisor/features.h"

/// A plan of dH as the contract describes it. Functions may throw std::bad_alloc; a plan that can't be described is a
/// kInvalidInput that names what of dH is missing.
namespace dh_adapter {

/// One level of dH's pyramid.
struct LevelModel {
  int columns = 0;  ///< Beamlets of a beam.
  int count = 0;    ///< Beamlets of all beams.
  double sigma_gy = 0.0;
  double lower_variance = 0.0, upper_variance = 0.0;  ///< The optimizer's bounds, in dH's unit.
};

/// The isocentre's slice of the patient: dH computes one slice and copies it.
struct PlanModel {
  Sigmoid sigmoid;
  std::vector<LevelModel> levels;  ///< By number, 0 the finest.
  dh_advisor::PlanStart start;
  dh_advisor::Vector3 isocenter_mm{};
  dh_advisor::VoxelGrid grid;
  std::vector<std::vector<std::uint32_t>> contours, planned;  ///< By structure.
  std::vector<std::uint32_t> targets;

  /// The doses of level 0's beamlets, Gy per unit weight; borrows the model and the plan's volumes.
  dh_advisor::FeatureInput features(CPlan& plan) const;
};

/// `structures` in the order in which their terms were added; those whose term was removed are left out. After
/// `CalcPencilSubBeamlets`.
dh_advisor::Status describe(dH::PlanOptimizer& optimizer, const std::vector<dH::Structure*>& structures,
                            const AdapterOptions& options, PlanModel& model);

}  // namespace dh_adapter
