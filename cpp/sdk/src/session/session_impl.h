#pragma once

#include <deque>
#include <initializer_list>
#include <map>
#include <set>

#include "decode.h"
#include "dh_advisor/session.h"
#include "input/check_event.h"
#include "question.h"
#include "wait_budget.h"

namespace dh_advisor {

/// Everything behind a session. May throw; `session.cpp` keeps that from its callers.
class DH_ADVISOR_LOCAL Session::Impl {
 public:
  Impl(const SessionOptions& chosen, const PlanStart& plan);

  void introduce(const PlanStart& plan);

  /// Sends the question that `event` holds. `level` and `iteration` go into the verdicts on its answer.
  void post(const QuestionKey& key, std::chrono::milliseconds deadline, std::uint32_t level,
            std::optional<std::uint32_t> iteration = std::nullopt);

  /// What one answer says; at most one of them holds something.
  struct Advice {
    GeometryAdvice geometry;
    LevelAdvice level;
    IterationAdvice iteration;
  };

  /// The answer to the last question. In shadow mode nothing is waited for and nothing handed out.
  Advice take();
  /// Takes what nobody took, so that the next question finds its own answer.
  void settle() { take(); }

  /// Whether the session is live, after a try to have it taken back where its connection broke and it is time for one.
  bool resume(Clock::duration within);
  bool may_resume() const;
  /// Keeps the geometry in `event`, for a host that has not heard it.
  void keep_geometry();

  Status finish(const PlanFinish& finish);
  Status send_volume(const VolumeView& volume);
  void report(Role role, Verdict verdict, std::uint32_t level, std::optional<std::uint32_t> iteration);

  /// Whether another question may be put: silent sessions and plans that have waited too long ask none.
  bool may_ask();
  /// Silences a session whose plan has waited too long. True: it may go on.
  bool is_within_budget();
  /// Silences the session when `status` is not ok. True: go on.
  bool is_good(const Status& status);
  bool is_served(Role role) const;
  /// Null when the host does not want it, or nobody who wanted it can still use it.
  const Want* want(TensorKind kind) const;
  void tell();

  const SessionOptions options;
  SessionCounters counters;
  Conversation conversation;
  WaitBudget budget;
  PlanCounts counts;
  Frame frame;
  pb::OptimizerEvent event;  // Reused: its buffers keep their size from one iteration to the next.
  std::string session_id;
  std::uint32_t generation = 0;
  std::vector<RoleBinding> bindings;
  std::map<TensorKind, Want> wants;
  std::optional<Provenance> provenance;  // Since the plan was summed up.
  std::set<Role> declined;
  std::set<Role> ended;  // No value of them will come: those that declined, and those that the host has switched off.

 private:
  /// A question whose answer is not yet taken, and what the answer is checked against.
  struct OpenQuestion {
    pb::AdvisorEvent::EventCase answer;
    std::uint32_t level;
    std::optional<std::uint32_t> iteration;
    Frame frame;
  };

  void take_accepted(const pb::Accepted& accepted);
  /// What this host has not heard; false when it can't be told again.
  bool tell_again(Clock::time_point until);

  bool is_shadow() const { return options.mode == AdviceMode::kShadow; }
  Advice decode_and_count(const pb::AdvisorEvent& answer, const OpenQuestion& question);
  void refuse_all(const OpenQuestion& question, Verdict failure);
  /// Takes the oldest open question's answer; false when it is still on its way.
  bool take_oldest(bool may_wait, Clock::time_point at_least, Advice& advice);

  std::deque<OpenQuestion> open_;
  Clock::time_point opened_;
  Clock::duration waited_before_{0};

  // For a host that takes the session back.
  pb::OptimizerEvent opening_;
  pb::OptimizerEvent geometry_;
  bool has_sent_volumes_ = false;
  int tries_ = 0;  // Since the connection broke.
  Clock::time_point next_try_;
};

}  // namespace dh_advisor
