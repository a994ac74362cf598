#include <algorithm>
#include <cstdint>
#include <set>

#include "input/check_event.h"
#include "input/input_check.h"

namespace dh_advisor {
namespace {

constexpr std::size_t kMostCurvePoints = 201;
constexpr std::uint32_t kLongestSliceSide = 256;

void check_metrics(const std::vector<DoseMetric>& metrics, const char* list, const PlanCounts& counts,
                   InputCheck& check) {
  for (std::size_t i = 0; i < metrics.size() && check.is_good(); ++i) {
    const DoseMetric& metric = metrics[i];
    check.require(metric.structure < counts.structures, item(list, i, "structure"), "is no structure of the plan");
    check.name(metric.name, item(list, i, "name"));
    check.text(metric.unit, item(list, i, "unit"));
    check.finite(metric.value, item(list, i, "value"));
  }
}

void check_curves(const std::vector<DoseVolumeCurve>& curves, const char* list, const PlanCounts& counts,
                  InputCheck& check) {
  for (std::size_t i = 0; i < curves.size() && check.is_good(); ++i) {
    const DoseVolumeCurve& curve = curves[i];
    check.require(curve.structure < counts.structures, item(list, i, "structure"), "is no structure of the plan");
    check.require(curve.points.size() <= kMostCurvePoints, item(list, i, "points"), "has more than 201 points");
    double previous_gy = 0.0;
    for (const DoseVolumePoint& point : curve.points) {
      check.require(std::isfinite(point.dose_gy) && point.dose_gy >= previous_gy, item(list, i, "points"),
                    "has doses that do not ascend from 0");
      check.require(point.volume_fraction >= 0.0 && point.volume_fraction <= 1.0, item(list, i, "points"),
                    "has a volume fraction outside [0, 1]");
      previous_gy = point.dose_gy;
    }
  }
}

void check_slices(const std::vector<DoseSlice>& slices, InputCheck& check) {
  std::set<Plane> seen;
  for (std::size_t i = 0; i < slices.size() && check.is_good(); ++i) {
    const DoseSlice& slice = slices[i];
    const auto field = [i](const char* name) { return item("slices", i, name); };
    check.one_of(slice.plane, Plane::kAxial, Plane::kSagittal, field("plane"));
    check.require(seen.insert(slice.plane).second, field("plane"), "is there twice");
    const bool is_small =
        slice.rows > 0 && slice.columns > 0 && slice.rows <= kLongestSliceSide && slice.columns <= kLongestSliceSide;
    check.require(is_small, item("slices", i), "must have 1 to 256 rows and columns");
    check.require(slice.dose_gy.size() == std::size_t{slice.rows} * slice.columns, field("dose_gy"),
                  "must have rows times columns values");
    check.require(std::all_of(slice.dose_gy.begin(), slice.dose_gy.end(), [](float gy) { return std::isfinite(gy); }),
                  field("dose_gy"), "is not finite everywhere");
    check.positive(slice.row_spacing_mm, field("row_spacing_mm"));
    check.positive(slice.column_spacing_mm, field("column_spacing_mm"));
  }
}

}  // namespace

Status check(const PlanFinish& finish, const PlanCounts& counts) {
  InputCheck check("plan finish");
  check.one_of(finish.stop_reason, StopReason::kTolerance, StopReason::kSafeguard, "stop_reason");
  check.not_negative(finish.call_equivalents, "call_equivalents");
  check.not_negative(finish.optimization_ms, "optimization_ms");
  check.finite(finish.reference_objective, "reference_objective");
  check_metrics(finish.metrics, "metrics", counts, check);
  check_curves(finish.curves, "curves", counts, check);
  check_slices(finish.slices, check);
  if (finish.unadvised) {
    check.finite(finish.unadvised->reference_objective, "unadvised.reference_objective");
    check.not_negative(finish.unadvised->call_equivalents, "unadvised.call_equivalents");
    check_metrics(finish.unadvised->metrics, "unadvised.metrics", counts, check);
    check_curves(finish.unadvised->curves, "unadvised.curves", counts, check);
  }
  const std::vector<double>& weights = finish.final_weights;
  check.require(weights.empty() || weights.size() == counts.level_beamlets[0], "final_weights",
                "must have the length of level 0, or none");
  const auto bad = std::find_if(weights.begin(), weights.end(), [](double weight) { return !std::isfinite(weight); });
  check.require(bad == weights.end(), "final_weights", "are not all finite");
  return check.status();
}

}  // namespace dh_advisor
