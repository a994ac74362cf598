#include "dh_advisor/c_api.h"

#include <algorithm>
#include <new>

#include "c/convert.h"
#include "c/handle.h"
#include "session_access.h"

using dh_advisor::Role;
using dh_advisor::Session;
using dh_advisor::SessionAccess;
using dh_advisor::Status;
using dh_advisor::StatusCode;
using dh_advisor::Verdict;
namespace c = dh_advisor::c;

namespace {

constexpr int kNotReached = -1;

/// Runs `body` on the session and lets nothing out: a mistake of the caller silences the session with its sentence.
template <typename Body>
void guarded(dh_advisor_session* handle, Body&& body) noexcept {
  Session* const session = c::session_of(handle);
  if (session == nullptr) return;
  Status failure;
  try {
    body(*session);
    return;
  } catch (const std::invalid_argument& mistake) {
    failure.code = StatusCode::kInvalidInput;
    try {
      failure.message = mistake.what();
    } catch (...) {
    }
  } catch (...) {
    failure.code = StatusCode::kFault;
    failure.message.assign("out of memory");  // Short enough to need none.
  }
  SessionAccess::fall_silent(*session, failure);
}

template <typename Options>
dh_advisor_session* open(const Options* options, const dh_advisor_plan* plan) noexcept {
  auto* const handle = new (std::nothrow) dh_advisor_session;
  if (handle == nullptr) return nullptr;
  try {
    dh_advisor::PlanStart start = c::to_plan(plan);
    c::add_description(options, start);
    handle->session = Session::open(c::to_options(options), start);
  } catch (const std::invalid_argument& mistake) {
    try {
      handle->session = SessionAccess::open_silent(Status::failed(StatusCode::kInvalidInput, mistake.what()));
    } catch (...) {
    }
  } catch (...) {
  }
  // Without memory for more than the handle it stays without a session, and is silent.
  return handle;
}

/// Copies advice into the caller's buffer. Without one the caller does not accept the role.
int hand_out(Session& session, Role role, const std::optional<std::vector<double>>& values, double* buffer,
             std::uint32_t level) {
  if (!values) return 0;
  if (buffer == nullptr) {
    session.report(role, Verdict::kNotAcceptedRole, level);
    return 0;
  }
  std::copy(values->begin(), values->end(), buffer);
  return 1;
}

template <typename Value, typename Out, typename Convert>
std::size_t hand_out(Session& session, Role role, const std::optional<std::vector<Value>>& values, Out* buffer,
                     std::size_t capacity, Convert convert) {
  if (!values) return 0;
  if (buffer == nullptr || values->size() > capacity) {
    session.report(role, buffer == nullptr ? Verdict::kNotAcceptedRole : Verdict::kWrongLength, 0);
    return 0;
  }
  std::transform(values->begin(), values->end(), buffer, convert);
  return values->size();
}

}  // namespace

extern "C" {

int dh_advisor_c_api_version(void) { return DH_ADVISOR_C_API_VERSION; }

dh_advisor_session* dh_advisor_open(const dh_advisor_options* options, const dh_advisor_plan* plan) {
  return open(options, plan);
}

dh_advisor_session* dh_advisor_open_with(const dh_advisor_session_options* options, const dh_advisor_plan* plan) {
  return open(options, plan);
}

void dh_advisor_close(dh_advisor_session* session) { delete session; }

int dh_advisor_send_volume(dh_advisor_session* handle, const dh_advisor_volume* volume) {
  int code = kNotReached;
  guarded(handle, [&](Session& session) { code = static_cast<int>(session.send_volume(c::to_volume(volume)).code); });
  return code == kNotReached ? dh_advisor_status_code(handle) : code;
}

void dh_advisor_ask_geometry(dh_advisor_session* handle, const dh_advisor_geometry* geometry,
                             dh_advisor_geometry_advice* advice) {
  if (advice != nullptr) {
    dh_advisor_geometry_advice none{};
    std::memcpy(&none, advice, std::min(advice->struct_size, sizeof none));
    none.structure_sigma_count = none.stage_count = 0;
    c::write_sized(none, advice);
  }
  guarded(handle, [&](Session& session) {
    dh_advisor_geometry_advice out = c::read_sized(advice, "advice");
    const dh_advisor::GeometryAdvice answer = session.ask_geometry(c::to_geometry(geometry));
    out.structure_sigma_count = hand_out(session, Role::kHistogramSigma, answer.structure_sigmas, out.structure_sigmas,
                                         out.structure_sigma_capacity, [](const dh_advisor::StructureSigma& s) {
                                           return dh_advisor_structure_sigma{s.structure, s.histogram_sigma_gy};
                                         });
    out.stage_count = hand_out(session, Role::kPyramidSigma, answer.stages, out.stages, out.stage_capacity,
                               [](const dh_advisor::Stage& s) {
                                 return dh_advisor_stage{s.level, s.histogram_sigma_gy, s.iteration_limit};
                               });
    c::write_sized(out, advice);
  });
}

void dh_advisor_ask_level(dh_advisor_session* handle, const dh_advisor_level_start* start,
                          dh_advisor_level_advice* advice) {
  if (advice != nullptr) advice->has_initial_weights = advice->has_variance = 0;
  guarded(handle, [&](Session& session) {
    c::required(advice, "advice");
    const dh_advisor::LevelAdvice answer = session.ask_level(c::to_level_start(start));
    advice->has_initial_weights =
        hand_out(session, Role::kInitialization, answer.initial_weights, advice->initial_weights, start->level);
    advice->has_variance =
        hand_out(session, Role::kAdaptiveVariance, answer.variance_gy2, advice->variance_gy2, start->level);
  });
}

void dh_advisor_ask_iteration(dh_advisor_session* session, const dh_advisor_iteration* iteration, size_t beamlet_count,
                              dh_advisor_iteration_advice* advice) {
  dh_advisor_post_iteration(session, iteration);
  dh_advisor_take_iteration(session, beamlet_count, advice);
}

void dh_advisor_post_iteration(dh_advisor_session* handle, const dh_advisor_iteration* iteration) {
  guarded(handle, [&](Session& session) {
    const dh_advisor::Iteration question = c::to_iteration(iteration);
    handle->level = question.level;
    handle->iteration = question.iteration;
    session.post_iteration(question);
  });
}

void dh_advisor_take_iteration(dh_advisor_session* handle, size_t beamlet_count, dh_advisor_iteration_advice* advice) {
  if (advice != nullptr) {
    advice->stop_decision = advice->has_prediction = advice->direction_space = 0;
    advice->predicted_final_objective = advice->predicted_standard_deviation = advice->step_length = 0.0;
  }
  guarded(handle, [&](Session& session) {
    handle->stop_explanation.clear();
    handle->variance_gy2.clear();
    c::required(advice, "advice");
    dh_advisor::IterationAdvice answer = session.take_iteration();
    if (answer.variance_gy2) handle->variance_gy2 = std::move(*answer.variance_gy2);
    if (answer.stop) {
      advice->stop_decision = static_cast<int>(answer.stop->decision);
      advice->has_prediction = answer.stop->predicted_final_objective ? 1 : 0;
      advice->predicted_final_objective = answer.stop->predicted_final_objective.value_or(0.0);
      advice->predicted_standard_deviation = answer.stop->predicted_standard_deviation.value_or(0.0);
      handle->stop_explanation = std::move(answer.stop->explanation);
    }
    if (!answer.direction) return;
    const std::vector<double>& direction = answer.direction->direction;
    if (advice->direction == nullptr || direction.size() != beamlet_count) {
      const Verdict verdict = advice->direction == nullptr ? Verdict::kNotAcceptedRole : Verdict::kWrongLength;
      session.report(Role::kStepDirection, verdict, handle->level, handle->iteration);
      return;
    }
    std::copy(direction.begin(), direction.end(), advice->direction);
    advice->direction_space = static_cast<int>(answer.direction->space);
    advice->step_length = answer.direction->step_length.value_or(0.0);
  });
}

void dh_advisor_report(dh_advisor_session* handle, int role, int verdict, uint32_t level,
                       int64_t iteration_or_negative) {
  guarded(handle, [&](Session& session) {
    if (iteration_or_negative > std::int64_t{UINT32_MAX}) throw std::invalid_argument("report: iteration is too large");
    std::optional<std::uint32_t> iteration;
    if (iteration_or_negative >= 0) iteration = static_cast<std::uint32_t>(iteration_or_negative);
    session.report(static_cast<Role>(role), static_cast<Verdict>(verdict), level, iteration);
  });
}

void dh_advisor_end_level(dh_advisor_session* handle, const dh_advisor_level_end* end) {
  guarded(handle, [&](Session& session) { session.tell_level_end(c::to_level_end(end)); });
}

int dh_advisor_finish_plan(dh_advisor_session* handle, const dh_advisor_plan_finish* finish) {
  int code = kNotReached;
  guarded(handle, [&](Session& session) { code = static_cast<int>(session.finish(c::to_finish(finish)).code); });
  return code == kNotReached ? dh_advisor_status_code(handle) : code;
}

void dh_advisor_tell_level_end(dh_advisor_session* session, uint32_t level, uint32_t stage, int stop_reason,
                               uint32_t iterations, double objective) {
  dh_advisor_level_end end{};
  end.struct_size = sizeof end;
  end.level = level;
  end.stage = stage;
  end.stop_reason = stop_reason;
  end.iterations = iterations;
  end.objective = objective;
  dh_advisor_end_level(session, &end);
}

void dh_advisor_finish(dh_advisor_session* session, int stop_reason, uint32_t iterations, double reference_objective) {
  dh_advisor_plan_finish finish{};
  finish.struct_size = sizeof finish;
  finish.stop_reason = stop_reason;
  finish.iterations = iterations;
  finish.reference_objective = reference_objective;
  dh_advisor_finish_plan(session, &finish);
}

}  // extern "C"
