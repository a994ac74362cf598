#include "dh_advisor/c_gates.h"

#include <algorithm>
#include <new>

#include "c/convert.h"
#include "dh_advisor/gates.h"

using dh_advisor::Verdict;

struct dh_advisor_direction_gate {
  dh_advisor::DirectionGate gate;
};

struct dh_advisor_stop_gate {
  dh_advisor::StopGate gate;
};

namespace {

int number(Verdict verdict) { return static_cast<int>(verdict); }

/// Copies want memory; without it the advice is refused.
template <typename Body>
int judged(Body&& body) noexcept {
  try {
    return number(body());
  } catch (...) {
    return DH_ADVISOR_VERDICT_SWITCHED_OFF;
  }
}

/// False without limits, or with a struct_size that is none.
template <typename Limits, typename Take>
bool with_limits(const Limits* limits, Take&& take) noexcept {
  try {
    take(dh_advisor::c::read_sized(limits, "limits"));
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

extern "C" {

int dh_advisor_check_vector(const double* values, size_t n, double lower, double upper) {
  if (values == nullptr) return DH_ADVISOR_VERDICT_WRONG_LENGTH;
  return judged([&] { return dh_advisor::check_vector({values, values + n}, n, lower, upper); });
}

int dh_advisor_check_stages(const dh_advisor_stage* stages, size_t count, uint32_t level_count, double finest_sigma_gy,
                            double lower_gy, double upper_gy) {
  if (stages == nullptr) return DH_ADVISOR_VERDICT_BAD_SCHEDULE;
  return judged([&] {
    std::vector<dh_advisor::Stage> all;
    for (size_t i = 0; i < count; ++i) {
      all.push_back({stages[i].level, stages[i].histogram_sigma_gy, stages[i].iteration_limit});
    }
    return dh_advisor::check_stages(all, level_count, finest_sigma_gy, lower_gy, upper_gy);
  });
}

int dh_advisor_check_structure_sigmas(const dh_advisor_structure_sigma* sigmas, size_t count, uint32_t structure_count,
                                      double lower_gy, double upper_gy) {
  if (sigmas == nullptr) return DH_ADVISOR_VERDICT_WRONG_LENGTH;
  return judged([&] {
    std::vector<dh_advisor::StructureSigma> all;
    for (size_t i = 0; i < count; ++i) all.push_back({sigmas[i].structure, sigmas[i].histogram_sigma_gy});
    return dh_advisor::check_structure_sigmas(all, structure_count, lower_gy, upper_gy);
  });
}

int dh_advisor_choose_start(double default_objective, double proposed_objective) {
  return number(dh_advisor::choose_start(default_objective, proposed_objective));
}

dh_advisor_direction_gate* dh_advisor_direction_gate_create(void) {
  return new (std::nothrow) dh_advisor_direction_gate;
}

dh_advisor_direction_gate* dh_advisor_direction_gate_create_with(const dh_advisor_direction_limits* limits) {
  dh_advisor::DirectionLimits of;
  const bool is_read = with_limits(limits, [&of](const dh_advisor_direction_limits& in) {
    if (in.descent > 0.0) of.descent = in.descent;
    if (in.norm_limit > 0.0) of.norm_limit = in.norm_limit;
    if (in.refusals_to_off > 0) of.refusals_to_off = in.refusals_to_off;
  });
  return is_read ? new (std::nothrow) dh_advisor_direction_gate{dh_advisor::DirectionGate(of)} : nullptr;
}

void dh_advisor_direction_gate_free(dh_advisor_direction_gate* gate) { delete gate; }

int dh_advisor_direction_gate_consider(dh_advisor_direction_gate* gate, double* direction, double* step_length,
                                       const double* gradient, size_t n) {
  if (gate == nullptr) return DH_ADVISOR_VERDICT_SWITCHED_OFF;
  if (direction == nullptr || gradient == nullptr) return DH_ADVISOR_VERDICT_WRONG_LENGTH;
  return judged([&] {
    dh_advisor::DirectionAdvice advice;
    advice.direction.assign(direction, direction + n);
    if (step_length != nullptr && *step_length != 0.0) advice.step_length = *step_length;
    const Verdict verdict = gate->gate.consider(advice, gradient, n);
    if (verdict != Verdict::kAccepted) return verdict;
    std::copy(advice.direction.begin(), advice.direction.end(), direction);
    if (advice.step_length) *step_length = *advice.step_length;
    return verdict;
  });
}

void dh_advisor_direction_gate_note_failure(dh_advisor_direction_gate* gate) {
  if (gate != nullptr) gate->gate.note_failure();
}

int dh_advisor_direction_gate_is_off(const dh_advisor_direction_gate* gate) {
  return gate == nullptr || gate->gate.is_off() ? 1 : 0;
}

int dh_advisor_judge_trial(double f0, double slope0, double f, double slope, double step) {
  return number(dh_advisor::DirectionGate::judge_trial(f0, slope0, f, slope, step));
}

dh_advisor_stop_gate* dh_advisor_stop_gate_create(void) { return new (std::nothrow) dh_advisor_stop_gate; }

dh_advisor_stop_gate* dh_advisor_stop_gate_create_with(const dh_advisor_stop_limits* limits) {
  dh_advisor::StopLimits of;
  const bool is_read = with_limits(limits, [&of](const dh_advisor_stop_limits& in) {
    of.iteration_floor = in.iteration_floor;
    of.checking_iterations = in.checking_iterations;
  });
  return is_read ? new (std::nothrow) dh_advisor_stop_gate{dh_advisor::StopGate(of)} : nullptr;
}

void dh_advisor_stop_gate_free(dh_advisor_stop_gate* gate) { delete gate; }

int dh_advisor_stop_gate_consider(dh_advisor_stop_gate* gate, int stop_decision, uint32_t iteration,
                                  double relative_gain, double tolerance, int* granted, int* verdict) {
  dh_advisor::StopGate::Judgement judgement;
  if (gate != nullptr) {
    dh_advisor::StopAdvice advice;
    advice.decision = static_cast<dh_advisor::StopDecision>(stop_decision);
    const bool has_advice = stop_decision != DH_ADVISOR_DECISION_NONE;
    judgement = gate->gate.consider(has_advice ? &advice : nullptr, iteration, relative_gain, tolerance);
  }
  const bool is_stop = judgement.action == dh_advisor::StopGate::Action::kStop;
  if (granted != nullptr) *granted = is_stop ? static_cast<int>(judgement.granted) : DH_ADVISOR_DECISION_NONE;
  if (verdict != nullptr) *verdict = judgement.verdict ? number(*judgement.verdict) : DH_ADVISOR_VERDICT_NONE;
  switch (judgement.action) {
    case dh_advisor::StopGate::Action::kCheck:
      return DH_ADVISOR_ACTION_CHECK;
    case dh_advisor::StopGate::Action::kStop:
      return DH_ADVISOR_ACTION_STOP;
    default:
      return DH_ADVISOR_ACTION_CONTINUE;
  }
}

int dh_advisor_stop_gate_is_checking(const dh_advisor_stop_gate* gate) {
  return gate != nullptr && gate->gate.is_checking() ? 1 : 0;
}

}  // extern "C"
