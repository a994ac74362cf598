#pragma once

#include <algorithm>
#include <chrono>

#include "dh_advisor/session.h"

namespace dh_advisor {

/// How long a plan may wait for advice over all its questions, so that a host that answers each of them just in time
/// can't make a plan many times longer: an allowance, and a share of the time that the optimizer computes. Answers to
/// geometry and level questions have an allowance of their own, as long as one of their deadlines.
class WaitBudget {
 public:
  using Duration = std::chrono::nanoseconds;

  explicit WaitBudget(const SessionOptions& options)
      : share_(options.wait_share.value_or(is_patient(options) ? kUnlimited : 1.0)),
        allowance_(options.wait_allowance),
        start_allowance_(options.start_deadline) {}

  void add_iteration_wait(Duration wait) { iteration_wait_ += wait; }
  void add_start_wait(Duration wait) { start_wait_ += wait; }

  Duration waited() const { return iteration_wait_ + start_wait_; }

  /// `computed`: time that the plan has taken so far without its waiting.
  bool is_spent(Duration computed) const {
    if (share_ >= kUnlimited) return false;
    const Duration charged = iteration_wait_ + std::max(Duration{0}, start_wait_ - start_allowance_);
    return static_cast<double>(charged.count()) >
           static_cast<double>(allowance_.count()) + share_ * static_cast<double>(computed.count());
  }

 private:
  static constexpr double kUnlimited = 1e9;
  static constexpr std::chrono::milliseconds kPatientDeadline{1000};

  // Who sets so long a deadline means to wait.
  static bool is_patient(const SessionOptions& options) { return options.iteration_deadline > kPatientDeadline; }

  double share_;
  Duration allowance_;
  Duration start_allowance_;
  Duration iteration_wait_{0};
  Duration start_wait_{0};
};

}  // namespace dh_advisor
