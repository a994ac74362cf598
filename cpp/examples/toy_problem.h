#pragma once

#include <array>
#include <cstddef>

#include "dh_advisor/session.h"

/// A plan small enough for an example: four beamlets, one target, a convex objective of the weights.
namespace toy {

constexpr std::size_t kBeamlets = 4;
using Weights = std::array<double, kBeamlets>;

inline double evaluate(const Weights& w, Weights& gradient) {
  const Weights best = {0.02, 0.06, 0.10, 0.14};
  double objective = 1.0;
  for (std::size_t i = 0; i < kBeamlets; ++i) {
    gradient[i] = 100.0 * (w[i] - best[i]);
    objective += 50.0 * (w[i] - best[i]) * (w[i] - best[i]);
  }
  return objective;
}

inline dh_advisor::PlanStart describe() {
  dh_advisor::PlanStart plan;
  plan.client = "example 1.0";
  plan.plan_key = "example-plan";
  dh_advisor::Structure target;
  target.name = "PTV70";
  target.tg263_name = "PTV_7000";
  target.role = dh_advisor::StructureRole::kTarget;
  target.volume_cc = 100.0;
  target.voxel_count = 800;
  target.objective_weight = 30.0;
  target.prescription = {{70.0, 1.0}, {72.1, 0.0}};
  target.prescribed_dose_gy = 70.0;
  plan.structures.push_back(target);
  plan.beams.push_back({0.0, 0.0, kBeamlets, 1, 5.0, 30.0});
  plan.weight_ceiling = 0.2;
  plan.weight_steepness = 0.5;
  plan.levels.push_back({0, kBeamlets, 2.5, 1.5625, 9.375, 500, 1e-6});
  plan.accepts = {dh_advisor::Role::kInitialization, dh_advisor::Role::kStepDirection,
                  dh_advisor::Role::kEarlyStopping};
  plan.offers = {dh_advisor::TensorKind::kGradient, dh_advisor::TensorKind::kWeights};
  return plan;
}

inline dh_advisor::LevelStart level_zero(double objective) {
  dh_advisor::LevelStart start;
  start.beamlet_count = kBeamlets;
  start.histogram_sigma_gy = 2.5;
  start.variance_lower_gy2 = 1.5625;
  start.variance_upper_gy2 = 9.375;
  start.objective = objective;
  return start;
}

inline dh_advisor::TensorView view(dh_advisor::TensorKind kind, const Weights& values) {
  return {kind, values.data(), {static_cast<std::uint32_t>(values.size())}};
}

}  // namespace toy
