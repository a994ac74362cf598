#pragma once

#include <map>
#include <optional>
#include <vector>

#include "advice/advice_source.h"

namespace rtmodel {

/// Counts what was received and what became of it, and tells the advisor each verdict.
class AdviceLedger {
 public:
  explicit AdviceLedger(AdviceSource& source) : source_(source) {}

  void receive(dh_advisor::Role role) { ++roles_[role].received; }

  void judge(dh_advisor::Role role, dh_advisor::Verdict verdict, std::uint32_t level,
             std::optional<std::uint32_t> iteration = std::nullopt) {
    RoleResult& result = roles_[role];
    ++(verdict == dh_advisor::Verdict::kAccepted ? result.accepted : result.refused);
    ++result.verdicts[verdict];
    source_.report(role, verdict, level, iteration);
  }

  std::vector<RoleResult> results() const {
    std::vector<RoleResult> results;
    for (const auto& [role, result] : roles_) {
      results.push_back(result);
      results.back().role = role;
    }
    return results;
  }

 private:
  AdviceSource& source_;
  std::map<dh_advisor::Role, RoleResult> roles_;
};

}  // namespace rtmodel
