#include <algorithm>

#include "advice/advice_source.h"

namespace rtmodel {

using namespace dh_advisor;

void SessionAdvice::open(const PlanStart& plan) { session_ = Session::open(options_, plan); }
bool SessionAdvice::is_live() const { return session_ != nullptr && session_->is_live(); }
bool SessionAdvice::resume() { return session_ != nullptr && session_->resume(); }
bool SessionAdvice::was_interrupted() const { return session_ != nullptr && session_->counters().resumptions > 0; }
bool SessionAdvice::was_switched_off() const {
  if (session_ == nullptr) return false;
  const auto outcomes = session_->counters().outcomes;
  return std::any_of(outcomes.begin(), outcomes.end(), [this](const auto& counted) {
    const auto& [role, outcome] = counted.first;
    return outcome == Outcome::kDisabled && session_->is_served(role) && !session_->has_declined(role);
  });
}
bool SessionAdvice::is_shadow() const { return options_.mode == AdviceMode::kShadow; }
bool SessionAdvice::is_served(Role role) const { return session_->is_served(role); }
bool SessionAdvice::has_ended(Role role) const { return session_->has_ended(role); }
bool SessionAdvice::has_model(Role role) const {
  const auto& bindings = session_->bindings();
  return std::any_of(bindings.begin(), bindings.end(),
                     [role](const auto& binding) { return binding.role == role && !binding.model.empty(); });
}
bool SessionAdvice::wants(TensorKind kind) const { return session_->wants(kind); }
bool SessionAdvice::wants(TensorKind kind, std::uint32_t iteration) const { return session_->wants(kind, iteration); }
void SessionAdvice::send_volume(const VolumeView& volume) { session_->send_volume(volume); }
GeometryAdvice SessionAdvice::ask_geometry(const Geometry& geometry) { return session_->ask_geometry(geometry); }
LevelAdvice SessionAdvice::ask_level(const LevelStart& start) { return session_->ask_level(start); }
void SessionAdvice::post_iteration(const Iteration& iteration) { session_->post_iteration(iteration); }
IterationAdvice SessionAdvice::take_iteration() { return session_->take_iteration(); }
void SessionAdvice::tell_level_end(const LevelEnd& end) { session_->tell_level_end(end); }
void SessionAdvice::finish(const PlanFinish& finish) { session_->finish(finish); }

void SessionAdvice::report(Role role, Verdict verdict, std::uint32_t level, std::optional<std::uint32_t> iteration) {
  session_->report(role, verdict, level, iteration);
}

AdviceResult SessionAdvice::describe() const {
  AdviceResult result;
  result.was_asked = options_.mode != AdviceMode::kOff;
  if (session_ == nullptr) return result;
  result.session_id = session_->session_id();
  result.status = session_->status();
  result.bindings = session_->bindings();
  for (const auto& binding : result.bindings)
    if (session_->has_declined(binding.role)) result.declined.push_back(binding.role);
  result.configuration_generation = session_->configuration_generation();
  result.session_counters = session_->counters();
  result.provenance = session_->provenance();
  return result;
}

}  // namespace rtmodel
