#include "c/convert.h"

#include <algorithm>
#include <limits>

namespace dh_advisor::c {
namespace {

// More of anything is a count that was never set.
constexpr std::size_t kMostItems = 1 << 20;

std::string text(const char* value) { return value == nullptr ? std::string() : std::string(value); }

/// Every item of an array through `convert`.
template <typename In, typename Convert>
auto items(const In* array, std::size_t count, const char* what, Convert convert) {
  std::vector<decltype(convert(*array, std::size_t{}))> out;
  if (count == 0) return out;
  if (count > kMostItems) {
    throw std::invalid_argument("the count of " + std::string(what) + " is " + std::to_string(count));
  }
  required(array, what);
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) out.push_back(convert(array[i], i));
  return out;
}

std::chrono::milliseconds or_default(std::uint32_t given_ms, std::chrono::milliseconds otherwise) {
  return given_ms > 0 ? std::chrono::milliseconds(given_ms) : otherwise;
}

int as_int(std::uint32_t value) {
  return static_cast<int>(std::min<std::uint32_t>(value, std::numeric_limits<int>::max()));
}

DoseVolumePoint to_point(const dh_advisor_dose_volume_point& in, std::size_t) {
  return {in.dose_gy, in.volume_fraction};
}

Structure to_structure(const dh_advisor_structure& in, std::size_t) {
  Structure out;
  out.name = text(in.name);
  out.tg263_name = text(in.tg263_name);
  out.role = static_cast<StructureRole>(in.role);
  out.volume_cc = in.volume_cc;
  out.voxel_count = in.voxel_count;
  out.objective_weight = in.objective_weight;
  out.prescription = items(in.prescription, in.prescription_count, "prescription", to_point);
  // Only what is below zero means "none": a number that is none is found when the plan is checked.
  if (!(in.prescribed_dose_gy < 0.0)) out.prescribed_dose_gy = in.prescribed_dose_gy;
  out.bit = in.bit;
  return out;
}

Beam to_beam(const dh_advisor_beam& in, std::size_t) {
  return {in.gantry_deg, in.couch_deg, in.columns, in.rows, in.column_width_mm, in.row_height_mm};
}

LevelPlan to_level(const dh_advisor_level_plan& in, std::size_t index) {
  return {static_cast<std::uint32_t>(index),
          in.beamlet_count,
          in.histogram_sigma_gy,
          in.variance_lower_gy2,
          in.variance_upper_gy2,
          in.iteration_limit,
          in.tolerance};
}

TensorView to_tensor(const dh_advisor_tensor& in, std::size_t) {
  TensorView out;
  out.kind = static_cast<TensorKind>(in.kind);
  out.data = in.data;
  out.shape = {in.rows};
  const bool is_table = out.kind == TensorKind::kStructureMeanDose || out.kind == TensorKind::kStructureMaxDose ||
                        out.kind == TensorKind::kPathDensity;
  // A table of one column is a table all the same.
  if (is_table || in.columns > 1) out.shape.push_back(std::max(in.columns, 1U));
  return out;
}

std::vector<TensorView> to_tensors(const dh_advisor_tensor* tensors, std::size_t count) {
  return items(tensors, count, "tensors", to_tensor);
}

}  // namespace

std::vector<Structure> to_structures(const dh_advisor_structure* in, std::size_t count) {
  return items(in, count, "structures", to_structure);
}

std::vector<Beam> to_beams(const dh_advisor_beam* in, std::size_t count) { return items(in, count, "beams", to_beam); }

SessionOptions to_options(const dh_advisor_options* in) {
  required(in, "options");
  dh_advisor_session_options all{};
  all.struct_size = sizeof all;
  all.address = in->address;
  all.mode = in->mode;
  all.connect_deadline_ms = in->connect_deadline_ms;
  all.start_deadline_ms = in->start_deadline_ms;
  all.iteration_deadline_ms = in->iteration_deadline_ms;
  return to_options(&all);
}

SessionOptions to_options(const dh_advisor_session_options* given) {
  const dh_advisor_session_options in = read_sized(given, "options");
  SessionOptions out;
  out.address = text(in.address);
  out.mode = static_cast<AdviceMode>(in.mode);
  out.connect_deadline = or_default(in.connect_deadline_ms, out.connect_deadline);
  out.start_deadline = or_default(in.start_deadline_ms, out.start_deadline);
  out.iteration_deadline = or_default(in.iteration_deadline_ms, out.iteration_deadline);
  out.wait_allowance = or_default(in.wait_allowance_ms, out.wait_allowance);
  if (in.breaker_threshold > 0) out.breaker_threshold = as_int(in.breaker_threshold);
  if (in.message_limit_bytes > 0) out.message_limit_bytes = as_int(in.message_limit_bytes);
  if (in.wait_share < 0.0) {
    out.wait_share = std::numeric_limits<double>::infinity();
  } else if (in.wait_share != 0.0) {
    out.wait_share = in.wait_share;
  }
  out.uses_http_proxy = in.uses_http_proxy != 0;
  if (in.uses_tls != 0)
    out.tls = {text(in.tls_ca), text(in.tls_certificate), text(in.tls_key), text(in.tls_server_name)};
  return out;
}

PlanStart to_plan(const dh_advisor_plan* in) {
  required(in, "plan");
  PlanStart out;
  out.client = text(in->client);
  out.plan_key = text(in->plan_key);
  out.patient_key = text(in->patient_key);
  out.solver = static_cast<SolverKind>(in->solver);
  out.may_record = in->may_record != 0;
  out.structures = to_structures(in->structures, in->structure_count);
  out.beams = to_beams(in->beams, in->beam_count);
  out.weight_ceiling = in->weight_ceiling;
  out.weight_steepness = in->weight_steepness;
  out.levels = items(in->levels, in->level_count, "levels", to_level);
  out.accepts =
      items(in->accepts, in->accept_count, "accepts", [](int role, std::size_t) { return static_cast<Role>(role); });
  out.offers =
      items(in->offers, in->offer_count, "offers", [](int kind, std::size_t) { return static_cast<TensorKind>(kind); });
  out.self_checks =
      items(in->self_checks, in->self_check_count, "self_checks", [](const dh_advisor_self_check& check, std::size_t) {
        return SelfCheck{static_cast<CheckOutcome>(check.outcome), text(check.field), text(check.finding)};
      });
  return out;
}

void add_description(const dh_advisor_session_options* given, PlanStart& plan) {
  const dh_advisor_session_options in = read_sized(given, "options");
  if (in.plan_quality != 0) plan.quality = static_cast<Quality>(in.plan_quality);
  plan.label = text(in.plan_label);
  plan.solver_name = text(in.plan_solver_name);
}

VolumeView to_volume(const dh_advisor_volume* given) {
  const dh_advisor_volume in = read_sized(given, "volume");
  VolumeView out;
  out.kind = static_cast<TensorKind>(in.kind);
  out.data = in.data;
  std::copy(std::begin(in.shape), std::end(in.shape), out.shape);
  std::copy(std::begin(in.spacing_mm), std::end(in.spacing_mm), out.spacing_mm);
  return out;
}

Geometry to_geometry(const dh_advisor_geometry* given) {
  const dh_advisor_geometry in = read_sized(given, "geometry");
  Geometry out;
  out.structures =
      items(in.structures, in.structure_count, "structures", [](const dh_advisor_structure_geometry& s, std::size_t) {
        return StructureGeometry{s.structure, s.sphericity, s.dose_gradient_gy_per_mm, s.target_distance_mm};
      });
  out.tensors = to_tensors(in.tensors, in.tensor_count);
  return out;
}

LevelStart to_level_start(const dh_advisor_level_start* in) {
  required(in, "start");
  LevelStart out;
  out.level = in->level;
  out.stage = in->stage;
  out.beamlet_count = in->beamlet_count;
  out.histogram_sigma_gy = in->histogram_sigma_gy;
  out.variance_lower_gy2 = in->variance_lower_gy2;
  out.variance_upper_gy2 = in->variance_upper_gy2;
  out.objective = in->objective;
  out.tensors = to_tensors(in->tensors, in->tensor_count);
  return out;
}

Iteration to_iteration(const dh_advisor_iteration* in) {
  required(in, "iteration");
  Iteration out;
  out.level = in->level;
  out.stage = in->stage;
  out.iteration = in->iteration;
  out.objective = in->objective;
  out.gradient_norm = in->gradient_norm;
  out.step_length = in->step_length;
  out.value_calls = in->value_calls;
  out.gradient_calls = in->gradient_calls;
  out.elapsed_ms = in->elapsed_ms;
  out.tensors = to_tensors(in->tensors, in->tensor_count);
  return out;
}

LevelEnd to_level_end(const dh_advisor_level_end* given) {
  const dh_advisor_level_end in = read_sized(given, "end");
  LevelEnd out;
  out.level = in.level;
  out.stage = in.stage;
  out.stop_reason = static_cast<StopReason>(in.stop_reason);
  out.iterations = in.iterations;
  out.value_calls = in.value_calls;
  out.gradient_calls = in.gradient_calls;
  out.objective = in.objective;
  out.elapsed_ms = in.elapsed_ms;
  return out;
}

PlanFinish to_finish(const dh_advisor_plan_finish* given) {
  const dh_advisor_plan_finish in = read_sized(given, "finish");
  PlanFinish out;
  out.stop_reason = static_cast<StopReason>(in.stop_reason);
  out.iterations = in.iterations;
  out.value_calls = in.value_calls;
  out.gradient_calls = in.gradient_calls;
  out.call_equivalents = in.call_equivalents;
  out.optimization_ms = in.optimization_ms;
  out.reference_objective = in.reference_objective;
  out.metrics = items(in.metrics, in.metric_count, "metrics", [](const dh_advisor_dose_metric& m, std::size_t) {
    return DoseMetric{m.structure, text(m.name), m.value, text(m.unit)};
  });
  out.curves = items(in.curves, in.curve_count, "curves", [](const dh_advisor_dose_volume_curve& curve, std::size_t) {
    return DoseVolumeCurve{curve.structure, items(curve.points, curve.point_count, "points", to_point)};
  });
  out.final_weights = items(in.final_weights, in.final_weight_count, "final_weights",
                            [](double weight, std::size_t) { return weight; });
  return out;
}

}  // namespace dh_advisor::c
