#include "result/offer.h"

#include <memory>
#include <vector>

#include "dose/influence.h"
#include "metrics/dose.h"
#include "metrics/dose_metrics.h"
#include "metrics/dose_slices.h"
#include "metrics/dose_volume_curve.h"

namespace rtmodel {

namespace {

/// The masks as the wire has them. Null where they need more than its 16 bits: the advisor then does without.
std::shared_ptr<const std::vector<std::uint16_t>> narrow_masks(const Case& value) {
  auto narrow = std::make_shared<std::vector<std::uint16_t>>(value.masks.size());
  for (std::size_t i = 0; i < narrow->size(); ++i) {
    if (value.masks[i] >> 16 != 0) return nullptr;
    (*narrow)[i] = static_cast<std::uint16_t>(value.masks[i]);
  }
  return narrow;
}

}  // namespace

void offer_geometry(const Case& value, const BuiltPlan& plan, RunOptions& options) {
  const auto masks = narrow_masks(value);
  // Holds the masks as long as the offer, which only borrows them.
  options.geometry.path_density = [&plan, masks] {
    return path_densities(plan.density, plan.problem.beams, plan.problem.grid.isocenter_mm);
  };
  const auto volume = [&value](dh_advisor::TensorKind kind, const void* data) {
    dh_advisor::VolumeView view;
    view.kind = kind;
    view.data = data;
    for (int axis = 0; axis < 3; ++axis) {
      view.shape[axis] = static_cast<std::uint32_t>(value.grid.size[2 - axis]);
      view.spacing_mm[axis] = value.grid.spacing_mm[axis];
    }
    return view;
  };
  options.geometry.volumes = {volume(dh_advisor::TensorKind::kCt, value.ct_hu.data())};
  if (masks) options.geometry.volumes.push_back(volume(dh_advisor::TensorKind::kStructureMask, masks->data()));
  options.figures = [&value, &plan](const std::vector<double>& weights) {
    const auto dose_gy = recompute_dose(plan.problem, weights);
    return PlanFigures{dose_metrics(plan.problem, dose_gy), dose_volume_curves(plan.problem, dose_gy),
                       dose_slices(value.grid, plan.problem, dose_gy)};
  };
}

}  // namespace rtmodel
