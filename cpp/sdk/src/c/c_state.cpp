#include <algorithm>

#include "c/convert.h"
#include "c/handle.h"
#include "dh_advisor/c_api.h"

using dh_advisor::c::session_of;

namespace {

template <typename Value>
int as_flag(Value value) {
  return value ? 1 : 0;
}

/// The counts of one role, by number.
template <typename Counts, std::size_t Room>
void fill(const Counts& counts, dh_advisor::Role role, std::uint64_t (&out)[Room]) {
  for (const auto& [key, count] : counts) {
    const auto number = static_cast<std::size_t>(key.second);
    if (key.first == role && number < Room) out[number] = count;
  }
}

}  // namespace

extern "C" {

int dh_advisor_is_live(const dh_advisor_session* handle) {
  const dh_advisor::Session* const session = session_of(handle);
  return as_flag(session != nullptr && session->is_live());
}

const char* dh_advisor_status(const dh_advisor_session* handle) {
  if (handle == nullptr) return "the session is NULL";
  return handle->session == nullptr ? "out of memory" : handle->session->status().message.c_str();
}

int dh_advisor_status_code(const dh_advisor_session* handle) {
  if (handle == nullptr) return DH_ADVISOR_STATUS_INVALID_INPUT;
  return handle->session == nullptr ? DH_ADVISOR_STATUS_FAULT : static_cast<int>(handle->session->status().code);
}

const char* dh_advisor_status_name(int status_code) {
  return dh_advisor::name_of(static_cast<dh_advisor::StatusCode>(status_code));
}

const char* dh_advisor_session_id(const dh_advisor_session* handle) {
  const dh_advisor::Session* const session = session_of(handle);
  return session == nullptr ? "" : session->session_id().c_str();
}

uint32_t dh_advisor_configuration_generation(const dh_advisor_session* handle) {
  const dh_advisor::Session* const session = session_of(handle);
  return session == nullptr ? 0 : session->configuration_generation();
}

size_t dh_advisor_binding_count(const dh_advisor_session* handle) {
  const dh_advisor::Session* const session = session_of(handle);
  return session == nullptr ? 0 : session->bindings().size();
}

int dh_advisor_get_binding(const dh_advisor_session* handle, size_t index, dh_advisor_binding* binding) {
  if (binding == nullptr || index >= dh_advisor_binding_count(handle)) return 0;
  const dh_advisor::RoleBinding& of = handle->session->bindings()[index];
  dh_advisor_binding out{};
  out.role = static_cast<int>(of.role);
  out.plugin = of.plugin.c_str();
  out.plugin_version = of.plugin_version.c_str();
  out.model = of.model.c_str();
  out.model_sha256 = of.model_sha256.c_str();
  out.arm = of.arm.c_str();
  out.deadline_ms = of.deadline_ms;
  out.declined = of.declined.c_str();
  dh_advisor::c::write_sized(out, binding);
  return 1;
}

int dh_advisor_wants(const dh_advisor_session* handle, int tensor_kind, uint32_t iteration) {
  const dh_advisor::Session* const session = session_of(handle);
  return as_flag(session != nullptr && session->wants(static_cast<dh_advisor::TensorKind>(tensor_kind), iteration));
}

int dh_advisor_wants_at_start(const dh_advisor_session* handle, int tensor_kind) {
  const dh_advisor::Session* const session = session_of(handle);
  return as_flag(session != nullptr && session->wants(static_cast<dh_advisor::TensorKind>(tensor_kind)));
}

int dh_advisor_is_served(const dh_advisor_session* handle, int role) {
  const dh_advisor::Session* const session = session_of(handle);
  return as_flag(session != nullptr && session->is_served(static_cast<dh_advisor::Role>(role)));
}

int dh_advisor_has_declined(const dh_advisor_session* handle, int role) {
  const dh_advisor::Session* const session = session_of(handle);
  return as_flag(session != nullptr && session->has_declined(static_cast<dh_advisor::Role>(role)));
}

int dh_advisor_has_ended(const dh_advisor_session* handle, int role) {
  const dh_advisor::Session* const session = session_of(handle);
  return as_flag(session != nullptr && session->has_ended(static_cast<dh_advisor::Role>(role)));
}

const char* dh_advisor_stop_explanation(const dh_advisor_session* handle) {
  return handle == nullptr ? "" : handle->stop_explanation.c_str();
}

int dh_advisor_iteration_variance(const dh_advisor_session* handle, size_t beamlet_count, double* variance_gy2) {
  if (handle == nullptr || variance_gy2 == nullptr) return 0;
  if (handle->variance_gy2.empty() || handle->variance_gy2.size() != beamlet_count) return 0;
  std::copy(handle->variance_gy2.begin(), handle->variance_gy2.end(), variance_gy2);
  return 1;
}

void dh_advisor_get_counters(const dh_advisor_session* handle, dh_advisor_counters* counters) {
  if (counters == nullptr) return;
  dh_advisor_counters out{};
  if (const dh_advisor::Session* const session = session_of(handle)) {
    const dh_advisor::SessionCounters of = session->counters();
    out.questions = of.questions;
    out.answers = of.answers;
    out.late = of.late;
    out.duplicates = of.duplicates;
    out.wrong_frames = of.wrong_frames;
    out.accepted = of.accepted;
    out.refused = of.refused;
    out.waited_ms = std::chrono::duration<double, std::milli>(of.waited).count();
  }
  dh_advisor::c::write_sized(out, counters);
}

void dh_advisor_get_role_counters(const dh_advisor_session* handle, int role, dh_advisor_role_counters* counters) {
  if (counters == nullptr) return;
  dh_advisor_role_counters out{};
  if (const dh_advisor::Session* const session = session_of(handle)) {
    const dh_advisor::SessionCounters of = session->counters();
    const auto which = static_cast<dh_advisor::Role>(role);
    fill(of.verdicts, which, out.verdicts);
    fill(of.outcomes, which, out.outcomes);
    const auto host_time = of.host_time.find(which);
    if (host_time != of.host_time.end())
      out.host_ms = std::chrono::duration<double, std::milli>(host_time->second).count();
    const auto score = of.highest_scores.find(which);
    if (score != of.highest_scores.end()) out.highest_score = score->second;
  }
  dh_advisor::c::write_sized(out, counters);
}

const char* dh_advisor_role_name(int role) { return name_of(static_cast<dh_advisor::Role>(role)); }

const char* dh_advisor_verdict_name(int verdict) { return name_of(static_cast<dh_advisor::Verdict>(verdict)); }

const char* dh_advisor_outcome_name(int outcome) { return name_of(static_cast<dh_advisor::Outcome>(outcome)); }

const char* dh_advisor_stop_reason_name(int reason) { return name_of(static_cast<dh_advisor::StopReason>(reason)); }

}  // extern "C"
