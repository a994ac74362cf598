#include "encode.h"

#include "checksum.h"

// The wire is little-endian and tensors are copied as they lie in memory.
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "dh_advisor supports little-endian machines only"
#endif

namespace dh_advisor {
namespace {

void encode(const double* data, std::size_t count, pb::Tensor& tensor) {
  tensor.set_data_type(pb::DATA_TYPE_FLOAT64);
  tensor.set_data(data, count * sizeof(double));
  tensor.set_crc32c(crc32c(tensor.data()));
}

template <typename Repeated>
void encode_tensors(const std::vector<TensorView>& views, Repeated& tensors) {
  for (const TensorView& view : views) {
    pb::NamedTensor& named = *tensors.Add();
    named.set_kind(static_cast<pb::TensorKind>(view.kind));
    std::size_t count = 1;
    for (std::uint32_t extent : view.shape) {
      named.mutable_tensor()->add_shape(extent);
      count *= extent;
    }
    encode(view.data, count, *named.mutable_tensor());
  }
}

template <typename Repeated>
void encode_points(const std::vector<DoseVolumePoint>& points, Repeated& out) {
  // Room first: libprotobuf loses an element when there is no memory for the list it was made for.
  out.Reserve(static_cast<int>(points.size()));
  for (const DoseVolumePoint& point : points) {
    pb::DoseVolumePoint& item = *out.Add();
    item.set_dose_gy(point.dose_gy);
    item.set_volume_fraction(point.volume_fraction);
  }
}

void encode(const Structure& structure, pb::Structure& out) {
  out.set_name(structure.name);
  out.set_tg263_name(structure.tg263_name);
  out.set_role(static_cast<pb::StructureRole>(structure.role));
  out.set_volume_cc(structure.volume_cc);
  out.set_voxel_count(structure.voxel_count);
  out.set_objective_weight(structure.objective_weight);
  encode_points(structure.prescription, *out.mutable_prescription());
  if (structure.prescribed_dose_gy) out.set_prescribed_dose_gy(*structure.prescribed_dose_gy);
  out.set_bit(structure.bit);
}

void encode(const Beam& beam, pb::Beam& out) {
  out.set_gantry_deg(beam.gantry_deg);
  out.set_couch_deg(beam.couch_deg);
  out.set_columns(beam.columns);
  out.set_rows(beam.rows);
  out.set_column_width_mm(beam.column_width_mm);
  out.set_row_height_mm(beam.row_height_mm);
}

void encode(const LevelPlan& level, pb::LevelPlan& out) {
  out.set_level(level.level);
  out.set_beamlet_count(level.beamlet_count);
  out.set_histogram_sigma_gy(level.histogram_sigma_gy);
  out.set_variance_lower_gy2(level.variance_lower_gy2);
  out.set_variance_upper_gy2(level.variance_upper_gy2);
  out.set_iteration_limit(level.iteration_limit);
  out.set_tolerance(level.tolerance);
}

}  // namespace

void encode(const PlanStart& plan, AdviceMode mode, pb::OptimizerEvent& event) {
  pb::PlanStart& start = *event.mutable_start();
  start.Clear();
  start.mutable_protocol()->set_major(kProtocolMajor);
  start.mutable_protocol()->set_minor(kProtocolMinor);
  start.set_client(plan.client);
  start.set_plan_key(plan.plan_key);
  start.set_patient_key(plan.patient_key);
  start.set_solver(static_cast<pb::Solver>(plan.solver));
  start.set_solver_name(plan.solver_name);
  if (plan.quality) start.set_quality(static_cast<pb::Quality>(*plan.quality));
  start.set_label(plan.label);
  start.set_advice_mode(mode == AdviceMode::kShadow ? pb::ADVICE_MODE_SHADOW : pb::ADVICE_MODE_ADVISE);
  start.set_may_record(plan.may_record);
  start.mutable_structures()->Reserve(static_cast<int>(plan.structures.size()));
  start.mutable_beams()->Reserve(static_cast<int>(plan.beams.size()));
  for (const Structure& structure : plan.structures) encode(structure, *start.add_structures());
  for (const Beam& beam : plan.beams) encode(beam, *start.add_beams());
  start.set_weight_ceiling(plan.weight_ceiling);
  start.set_weight_steepness(plan.weight_steepness);
  for (const LevelPlan& level : plan.levels) encode(level, *start.add_levels());
  for (Role role : plan.accepts) start.add_accepts(static_cast<pb::Role>(role));
  for (TensorKind kind : plan.offers) start.add_offers(static_cast<pb::TensorKind>(kind));
  for (const SelfCheck& check : plan.self_checks) {
    pb::SelfCheck& item = *start.add_self_checks();
    // The wire's 0 is "not said".
    item.set_outcome(static_cast<pb::SelfCheckOutcome>(static_cast<int>(check.outcome) + 1));
    item.set_field(check.field);
    item.set_finding(check.finding);
  }
}

void encode(const Geometry& geometry, pb::OptimizerEvent& event) {
  pb::Geometry& out = *event.mutable_geometry();
  out.Clear();
  for (const StructureGeometry& structure : geometry.structures) {
    pb::StructureGeometry& item = *out.add_structures();
    item.set_structure(structure.structure);
    item.set_sphericity(structure.sphericity);
    item.set_dose_gradient_gy_per_mm(structure.dose_gradient_gy_per_mm);
    item.set_target_distance_mm(structure.target_distance_mm);
  }
  encode_tensors(geometry.tensors, *out.mutable_tensors());
}

void encode(const LevelStart& start, pb::OptimizerEvent& event) {
  pb::LevelStart& out = *event.mutable_level_start();
  out.Clear();
  out.set_level(start.level);
  out.set_stage(start.stage);
  out.set_beamlet_count(start.beamlet_count);
  out.set_histogram_sigma_gy(start.histogram_sigma_gy);
  out.set_variance_lower_gy2(start.variance_lower_gy2);
  out.set_variance_upper_gy2(start.variance_upper_gy2);
  out.set_objective(start.objective);
  encode_tensors(start.tensors, *out.mutable_tensors());
}

void encode(const Iteration& iteration, pb::OptimizerEvent& event) {
  pb::Iteration& out = *event.mutable_iteration();
  out.Clear();
  out.set_level(iteration.level);
  out.set_stage(iteration.stage);
  out.set_iteration(iteration.iteration);
  out.set_objective(iteration.objective);
  out.set_gradient_norm(iteration.gradient_norm);
  out.set_step_length(iteration.step_length);
  out.set_value_calls(iteration.value_calls);
  out.set_gradient_calls(iteration.gradient_calls);
  out.set_elapsed_ms(iteration.elapsed_ms);
  encode_tensors(iteration.tensors, *out.mutable_tensors());
}

void encode(const LevelEnd& end, pb::OptimizerEvent& event) {
  pb::LevelEnd& out = *event.mutable_level_end();
  out.Clear();
  out.set_level(end.level);
  out.set_stage(end.stage);
  out.set_stop_reason(static_cast<pb::StopReason>(end.stop_reason));
  out.set_iterations(end.iterations);
  out.set_value_calls(end.value_calls);
  out.set_gradient_calls(end.gradient_calls);
  out.set_objective(end.objective);
  out.set_elapsed_ms(end.elapsed_ms);
}

namespace {

template <typename Repeated>
void encode_metrics(const std::vector<DoseMetric>& metrics, Repeated& out) {
  out.Reserve(static_cast<int>(metrics.size()));
  for (const DoseMetric& metric : metrics) {
    pb::DoseMetric& item = *out.Add();
    item.set_structure(metric.structure);
    item.set_name(metric.name);
    item.set_value(metric.value);
    item.set_unit(metric.unit);
  }
}

template <typename Repeated>
void encode_curves(const std::vector<DoseVolumeCurve>& curves, Repeated& out) {
  out.Reserve(static_cast<int>(curves.size()));
  for (const DoseVolumeCurve& curve : curves) {
    pb::DoseVolumeCurve& item = *out.Add();
    item.set_structure(curve.structure);
    encode_points(curve.points, *item.mutable_points());
  }
}

void encode(const DoseSlice& slice, pb::DoseSlice& out) {
  out.set_plane(static_cast<pb::Plane>(slice.plane));
  pb::Tensor& dose = *out.mutable_dose_gy();
  dose.set_data_type(pb::DATA_TYPE_FLOAT32);
  dose.add_shape(slice.rows);
  dose.add_shape(slice.columns);
  dose.set_data(slice.dose_gy.data(), slice.dose_gy.size() * sizeof(float));
  dose.set_crc32c(crc32c(dose.data()));
  out.set_row_spacing_mm(slice.row_spacing_mm);
  out.set_column_spacing_mm(slice.column_spacing_mm);
}

}  // namespace

void encode(const PlanFinish& finish, double advice_wait_ms, pb::OptimizerEvent& event) {
  pb::PlanFinish& out = *event.mutable_finish();
  out.Clear();
  out.set_stop_reason(static_cast<pb::StopReason>(finish.stop_reason));
  out.set_iterations(finish.iterations);
  out.set_value_calls(finish.value_calls);
  out.set_gradient_calls(finish.gradient_calls);
  out.set_call_equivalents(finish.call_equivalents);
  out.set_optimization_ms(finish.optimization_ms);
  out.set_advice_wait_ms(advice_wait_ms);
  out.set_reference_objective(finish.reference_objective);
  encode_metrics(finish.metrics, *out.mutable_metrics());
  encode_curves(finish.curves, *out.mutable_curves());
  for (const DoseSlice& slice : finish.slices) encode(slice, *out.add_slices());
  if (finish.unadvised) {
    pb::UnadvisedPlan& unadvised = *out.mutable_unadvised();
    unadvised.set_reference_objective(finish.unadvised->reference_objective);
    unadvised.set_call_equivalents(finish.unadvised->call_equivalents);
    encode_metrics(finish.unadvised->metrics, *unadvised.mutable_metrics());
    encode_curves(finish.unadvised->curves, *unadvised.mutable_curves());
  }
  if (finish.final_weights.empty()) return;
  out.mutable_final_weights()->add_shape(static_cast<std::uint32_t>(finish.final_weights.size()));
  encode(finish.final_weights.data(), finish.final_weights.size(), *out.mutable_final_weights());
}

}  // namespace dh_advisor
