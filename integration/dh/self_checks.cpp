#include "self_checks.h"

#include <cmath>

namespace dh_adapter {
namespace {

using namespace dh_advisor;

constexpr int kCheckedLevel = 1;
/// Of the ceiling: flat weights outside mean that doses are in another unit.
constexpr double kLeastFlatShare = 1.0 / 40.0;

/// Notes what was found for the plan's start.
Status verdict(const char* what, const Status& status, const CheckResult& result, PlanModel& model) {
  if (status.ok()) model.start.self_checks.push_back(self_check_of(result));
  if (!status.ok()) return Status::failed(status.code, std::string(what) + ": " + status.message);
  if (result.outcome != CheckOutcome::kFailed) return Status::okay();
  return Status::failed(StatusCode::kInvalidInput, std::string(what) + ": " + result.field + ": " + result.finding);
}

/// Uneven weights round the flat start, so that no symmetry hides a fault.
std::vector<double> uneven_weights(int count, double flat_weight) {
  std::vector<double> weights(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < weights.size(); ++i)
    weights[i] = flat_weight * (1.0 + 0.3 * std::sin(1.7 * static_cast<double>(i)));
  return weights;
}

}  // namespace

Geometry PlanFeatures::geometry(const std::function<bool(TensorKind)>& wants) const {
  Geometry geometry;
  geometry.structures = structures;
  const auto n = static_cast<std::uint32_t>(beamlets.column_norm.size());
  const auto count = static_cast<std::uint32_t>(structures.size());
  const auto add = [&](TensorKind kind, const std::vector<double>& values, std::vector<std::uint32_t> shape) {
    if (wants(kind)) geometry.tensors.push_back({kind, values.data(), std::move(shape)});
  };
  add(TensorKind::kColumnNorm, beamlets.column_norm, {n});
  add(TensorKind::kStructureMeanDose, beamlets.mean_dose, {n, count});
  add(TensorKind::kStructureMaxDose, beamlets.max_dose, {n, count});
  return geometry;
}

Status build_features(const PlanModel& model, CPlan& plan, PlanFeatures& features) {
  const FeatureInput input = model.features(plan);  // a callback over dH's beamlets, Gy per unit weight
  Status status = build_beamlet_features(input, features.beamlets);
  if (status.ok()) status = flat_weight(model.start.structures, features.beamlets.mean_dose, features.flat_weight);
  if (status.ok()) status = build_structure_geometry(input, model.targets, features.flat_weight, features.structures);
  return status;
}

// [guide: evaluate]
double evaluate(dH::PlanOptimizer& optimizer, int level, const std::vector<double>& parameters,
                std::vector<double>* gradient) {
  const auto n = static_cast<int>(parameters.size());
  CVectorN<> x(n), by_x;
  for (int i = 0; i < n; ++i) x[i] = parameters[static_cast<std::size_t>(i)];
  optimizer.GetOptimizer(level)->PrepareAdaptiveVariance(n);  // else dH follows a null pointer
  const double value = (*optimizer.GetPrescription(level))(x, gradient != nullptr ? &by_x : nullptr);
  if (gradient != nullptr)
    for (int i = 0; i < n; ++i) gradient->push_back(by_x[i]);
  return value;
}
// [end]

Status check_plan(dH::PlanOptimizer& optimizer, PlanModel& model, const PlanFeatures& features) {
  const Geometry sent = features.geometry([](TensorKind) { return true; });
  const double ceiling = model.sigmoid.ceiling;
  GeometryCheckInput geometry;
  geometry.features = model.features(*optimizer.GetPlan());
  geometry.structures = model.start.structures;
  geometry.beams = model.start.beams;
  geometry.isocenter_mm = model.isocenter_mm;
  geometry.weight_ceiling = ceiling;
  const bool is_plausible = features.flat_weight >= kLeastFlatShare * ceiling && features.flat_weight < ceiling;
  geometry.uniform_weight = is_plausible ? features.flat_weight : 0.0;
  geometry.geometry = &sent;
  CheckResult result;
  Status status = verdict("geometry", check_geometry(geometry, result), result, model);
  if (!status.ok()) return status;

  const LevelModel& level = model.levels.at(kCheckedLevel);
  const std::vector<double> weights = uneven_weights(level.count, features.flat_weight);
  const std::vector<double> parameters = parameters_from(weights, model.sigmoid, level.columns);
  std::vector<double> by_x;
  evaluate(optimizer, kCheckedLevel, parameters, &by_x);
  const std::vector<double> gradient = gradient_from_prescription(by_x, parameters, model.sigmoid, level.columns);
  GradientCheckInput check;
  check.objective = [&](const double* w, std::size_t n) {
    return evaluate(optimizer, kCheckedLevel, parameters_from({w, w + n}, model.sigmoid, level.columns));
  };
  check.weights = weights.data();
  check.gradient = gradient.data();
  check.beamlet_count = weights.size();
  check.weight_ceiling = ceiling;
  check.weight_steepness = model.sigmoid.steepness;
  result = {};
  return verdict("gradient", check_gradient(check, result), result, model);
}

}  // namespace dh_adapter
