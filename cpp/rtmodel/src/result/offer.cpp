#include "result/offer.h"

#include "dose/influence.h"
#include "metrics/dose.h"
#include "metrics/dose_metrics.h"

namespace rtmodel {

void offer_geometry(const Case& value, const BuiltPlan& plan, RunOptions& options) {
  options.geometry.path_density = [&plan, threads = options.threads] {
    return path_densities(plan.density, plan.beamlets, threads);
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
  options.geometry.volumes = {volume(dh_advisor::TensorKind::kCt, value.ct_hu.data()),
                              volume(dh_advisor::TensorKind::kStructureMask, value.masks.data())};
  options.metrics = [&plan](const std::vector<double>& weights) {
    return dose_metrics(plan.problem, recompute_dose(plan.problem, weights));
  };
}

}  // namespace rtmodel
