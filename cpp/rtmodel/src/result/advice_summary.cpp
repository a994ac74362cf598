#include "result/advice_summary.h"

#include <algorithm>

namespace rtmodel {
namespace {

using dh_advisor::Outcome;
using dh_advisor::Role;
using dh_advisor::StatusCode;

bool is_served(const AdviceResult& advice, Role role) {
  return std::any_of(advice.bindings.begin(), advice.bindings.end(),
                     [role](const auto& binding) { return binding.role == role && !binding.plugin.empty(); });
}

bool serves_nothing(const AdviceResult& advice) {
  return std::all_of(advice.bindings.begin(), advice.bindings.end(),
                     [](const auto& binding) { return binding.plugin.empty(); });
}

bool has_declined(const AdviceResult& advice, Role role) {
  return std::find(advice.declined.begin(), advice.declined.end(), role) != advice.declined.end();
}

/// Answers of one outcome, of roles that a plugin serves and has something for.
std::uint64_t count(const AdviceResult& advice, Outcome outcome) {
  std::uint64_t sum = 0;
  if (!advice.session_counters) return sum;
  for (const auto& [key, answers] : advice.session_counters->outcomes)
    if (key.second == outcome && is_served(advice, key.first) && !has_declined(advice, key.first)) sum += answers;
  return sum;
}

std::string never_begun(const AdviceResult& advice) {
  switch (advice.status.code) {
    case StatusCode::kUnreachable:
      return "no host was reached: " + advice.status.message;
    case StatusCode::kRefused:
      return "the host refused the plan: " + advice.status.message;
    case StatusCode::kDeadlineExceeded:
      return "no host took the plan in time: " + advice.status.message;
    case StatusCode::kInvalidInput:
      return "the plan could not be sent: " + advice.status.message;
    default:
      return "no session was opened: " + advice.status.message;
  }
}

}  // namespace

bool has_required_advice(const AdviceResult& advice) {
  return advice.was_asked && !advice.session_id.empty() && advice.status.ok() && !serves_nothing(advice) &&
         count(advice, Outcome::kDisabled) == 0 && advice.session_counters && advice.session_counters->answers > 1;
}

std::string missing_advice(const AdviceResult& advice) {
  if (!advice.was_asked) return "";
  if (advice.session_id.empty()) return never_begun(advice);
  if (!advice.status.ok()) return "the session ended before the plan: " + advice.status.message;
  if (serves_nothing(advice)) return "no plugin of the host serves any role";
  if (const auto disabled = count(advice, Outcome::kDisabled); disabled > 0)
    return "an operator stopped advice, or roles were switched off: " + std::to_string(disabled) + " answers without";
  if (!advice.session_counters) return "";
  const auto& counters = *advice.session_counters;
  if (counters.resumptions > 0)
    return "the connection broke " + std::to_string(counters.resumptions) +
           " times, and was taken up at the next stage";
  if (counters.answers < 2) return "no question was answered";
  if (counters.late > 0)
    return std::to_string(counters.late) + " of " + std::to_string(counters.questions) + " answers came too late";
  const auto failed = count(advice, Outcome::kTimeout) + count(advice, Outcome::kFailed);
  return failed > 0 ? std::to_string(failed) + " answers failed in the host, or were late there" : "";
}

}  // namespace rtmodel
