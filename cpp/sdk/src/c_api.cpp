#include "dh_advisor/c_api.h"

#include <algorithm>
#include <new>

#include "dh_advisor/session.h"

struct dh_advisor_session {
  std::unique_ptr<dh_advisor::Session> session;
};

namespace {

using dh_advisor::TensorView;

std::string text(const char* value) { return value == nullptr ? std::string() : std::string(value); }

dh_advisor::SessionOptions to_options(const dh_advisor_options& in) {
  dh_advisor::SessionOptions out;
  out.address = text(in.address);
  out.mode = in.mode == 2   ? dh_advisor::AdviceMode::kAdvise
             : in.mode == 1 ? dh_advisor::AdviceMode::kShadow
                            : dh_advisor::AdviceMode::kOff;
  if (in.connect_deadline_ms > 0) out.connect_deadline = std::chrono::milliseconds(in.connect_deadline_ms);
  if (in.start_deadline_ms > 0) out.start_deadline = std::chrono::milliseconds(in.start_deadline_ms);
  if (in.iteration_deadline_ms > 0) out.iteration_deadline = std::chrono::milliseconds(in.iteration_deadline_ms);
  return out;
}

dh_advisor::Structure to_structure(const dh_advisor_structure& in) {
  dh_advisor::Structure out;
  out.name = text(in.name);
  out.tg263_name = text(in.tg263_name);
  out.role = static_cast<dh_advisor::StructureRole>(in.role);
  out.volume_cc = in.volume_cc;
  out.voxel_count = in.voxel_count;
  out.objective_weight = in.objective_weight;
  for (size_t i = 0; i < in.prescription_count; ++i) {
    out.prescription.push_back({in.prescription[i].dose_gy, in.prescription[i].volume_fraction});
  }
  if (in.prescribed_dose_gy >= 0.0) out.prescribed_dose_gy = in.prescribed_dose_gy;
  out.bit = in.bit;
  return out;
}

dh_advisor::PlanStart to_plan(const dh_advisor_plan& in) {
  dh_advisor::PlanStart out;
  out.client = text(in.client);
  out.plan_key = text(in.plan_key);
  out.patient_key = text(in.patient_key);
  out.solver = static_cast<dh_advisor::SolverKind>(in.solver);
  out.may_record = in.may_record != 0;
  for (size_t i = 0; i < in.structure_count; ++i) out.structures.push_back(to_structure(in.structures[i]));
  for (size_t i = 0; i < in.beam_count; ++i) {
    const dh_advisor_beam& b = in.beams[i];
    out.beams.push_back({b.gantry_deg, b.couch_deg, b.columns, b.rows, b.column_width_mm, b.row_height_mm});
  }
  out.weight_ceiling = in.weight_ceiling;
  out.weight_steepness = in.weight_steepness;
  for (size_t i = 0; i < in.level_count; ++i) {
    const dh_advisor_level_plan& l = in.levels[i];
    out.levels.push_back({static_cast<std::uint32_t>(i), l.beamlet_count, l.histogram_sigma_gy, l.variance_lower_gy2,
                          l.variance_upper_gy2, l.iteration_limit, l.tolerance});
  }
  for (size_t i = 0; i < in.accept_count; ++i) out.accepts.push_back(static_cast<dh_advisor::Role>(in.accepts[i]));
  for (size_t i = 0; i < in.offer_count; ++i) out.offers.push_back(static_cast<dh_advisor::TensorKind>(in.offers[i]));
  return out;
}

std::vector<TensorView> to_tensors(const dh_advisor_tensor* tensors, size_t count) {
  std::vector<TensorView> out;
  for (size_t i = 0; i < count; ++i) {
    TensorView view;
    view.kind = static_cast<dh_advisor::TensorKind>(tensors[i].kind);
    view.data = tensors[i].data;
    view.shape = {tensors[i].rows};
    if (tensors[i].columns > 1) view.shape.push_back(tensors[i].columns);
    out.push_back(std::move(view));
  }
  return out;
}

int hand_out(const std::optional<std::vector<double>>& values, double* buffer) {
  if (!values || buffer == nullptr) return 0;
  std::copy(values->begin(), values->end(), buffer);
  return 1;
}

}  // namespace

extern "C" {

dh_advisor_session* dh_advisor_open(const dh_advisor_options* options, const dh_advisor_plan* plan) {
  auto* handle = new (std::nothrow) dh_advisor_session;
  if (handle != nullptr) handle->session = dh_advisor::Session::open(to_options(*options), to_plan(*plan));
  return handle;
}

void dh_advisor_close(dh_advisor_session* session) { delete session; }

int dh_advisor_is_live(const dh_advisor_session* session) { return session->session->is_live() ? 1 : 0; }

const char* dh_advisor_status(const dh_advisor_session* session) { return session->session->status().message.c_str(); }

int dh_advisor_wants(const dh_advisor_session* session, int tensor_kind, uint32_t iteration) {
  return session->session->wants(static_cast<dh_advisor::TensorKind>(tensor_kind), iteration) ? 1 : 0;
}

void dh_advisor_ask_level(dh_advisor_session* session, const dh_advisor_level_start* start,
                          dh_advisor_level_advice* advice) {
  dh_advisor::LevelStart question;
  question.level = start->level;
  question.stage = start->stage;
  question.beamlet_count = start->beamlet_count;
  question.histogram_sigma_gy = start->histogram_sigma_gy;
  question.variance_lower_gy2 = start->variance_lower_gy2;
  question.variance_upper_gy2 = start->variance_upper_gy2;
  question.objective = start->objective;
  question.tensors = to_tensors(start->tensors, start->tensor_count);
  const dh_advisor::LevelAdvice answer = session->session->ask_level(question);
  advice->has_initial_weights = hand_out(answer.initial_weights, advice->initial_weights);
  advice->has_variance = hand_out(answer.variance_gy2, advice->variance_gy2);
}

void dh_advisor_ask_iteration(dh_advisor_session* session, const dh_advisor_iteration* iteration, size_t beamlet_count,
                              dh_advisor_iteration_advice* advice) {
  dh_advisor_post_iteration(session, iteration);
  dh_advisor_take_iteration(session, beamlet_count, advice);
}

void dh_advisor_post_iteration(dh_advisor_session* session, const dh_advisor_iteration* iteration) {
  dh_advisor::Iteration question;
  question.level = iteration->level;
  question.stage = iteration->stage;
  question.iteration = iteration->iteration;
  question.objective = iteration->objective;
  question.gradient_norm = iteration->gradient_norm;
  question.step_length = iteration->step_length;
  question.value_calls = iteration->value_calls;
  question.gradient_calls = iteration->gradient_calls;
  question.elapsed_ms = iteration->elapsed_ms;
  question.tensors = to_tensors(iteration->tensors, iteration->tensor_count);
  session->session->post_iteration(question);
}

void dh_advisor_take_iteration(dh_advisor_session* session, size_t beamlet_count, dh_advisor_iteration_advice* advice) {
  const dh_advisor::IterationAdvice answer = session->session->take_iteration();
  advice->stop_decision = answer.stop ? static_cast<int>(answer.stop->decision) : 0;
  advice->has_prediction = answer.stop && answer.stop->predicted_final_objective ? 1 : 0;
  advice->predicted_final_objective = answer.stop ? answer.stop->predicted_final_objective.value_or(0.0) : 0.0;
  advice->predicted_standard_deviation = answer.stop ? answer.stop->predicted_standard_deviation.value_or(0.0) : 0.0;
  advice->direction_space = 0;
  advice->step_length = 0.0;
  if (!answer.direction || advice->direction == nullptr || answer.direction->direction.size() != beamlet_count) return;
  std::copy(answer.direction->direction.begin(), answer.direction->direction.end(), advice->direction);
  advice->direction_space = static_cast<int>(answer.direction->space);
  advice->step_length = answer.direction->step_length.value_or(0.0);
}

void dh_advisor_report(dh_advisor_session* session, int role, int verdict, uint32_t level,
                       int64_t iteration_or_negative) {
  std::optional<std::uint32_t> iteration;
  if (iteration_or_negative >= 0) iteration = static_cast<std::uint32_t>(iteration_or_negative);
  session->session->report(static_cast<dh_advisor::Role>(role), static_cast<dh_advisor::Verdict>(verdict), level,
                           iteration);
}

void dh_advisor_tell_level_end(dh_advisor_session* session, uint32_t level, uint32_t stage, int stop_reason,
                               uint32_t iterations, double objective) {
  dh_advisor::LevelEnd end;
  end.level = level;
  end.stage = stage;
  end.stop_reason = static_cast<dh_advisor::StopReason>(stop_reason);
  end.iterations = iterations;
  end.objective = objective;
  session->session->tell_level_end(end);
}

void dh_advisor_finish(dh_advisor_session* session, int stop_reason, uint32_t iterations, double reference_objective) {
  dh_advisor::PlanFinish finish;
  finish.stop_reason = static_cast<dh_advisor::StopReason>(stop_reason);
  finish.iterations = iterations;
  finish.reference_objective = reference_objective;
  session->session->finish(finish);
}

}  // extern "C"
