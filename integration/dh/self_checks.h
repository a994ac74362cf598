#pragma once

#include "dh_advisor/checks.h"
#include "plan_model.h"

namespace dh_adapter {

/// What goes with the geometry question.
struct PlanFeatures {
  dh_advisor::BeamletFeatures beamlets;
  std::vector<dh_advisor::StructureGeometry> structures;
  double flat_weight = 0.0;  ///< On all beamlets: the highest prescription as mean of its target.

  /// The tensors that `wants` says yes to; borrowed.
  dh_advisor::Geometry geometry(const std::function<bool(dh_advisor::TensorKind)>& wants) const;
};

dh_advisor::Status build_features(const PlanModel& model, CPlan& plan, PlanFeatures& features);

/// F of a level at parameters in dH's order, every variance at its upper bound. One value, or one gradient when
/// `gradient` is not null. Leaves the optimizer as a level finds it.
double evaluate(dH::PlanOptimizer& optimizer, int level, const std::vector<double>& parameters,
                std::vector<double>* gradient = nullptr);

/// Ok when the plan's geometry and gradient mean what the contract says; else kInvalidInput with the contract's field
/// and the finding. What was found goes into the model's start, for the host. Costs one gradient and 2 to 6 values of
/// level 1, where dH's gradient is nearest to that of F.
dh_advisor::Status check_plan(dH::PlanOptimizer& optimizer, PlanModel& model, const PlanFeatures& features);

}  // namespace dh_adapter
