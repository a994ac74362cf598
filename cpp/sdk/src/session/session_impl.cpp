#include "session_impl.h"

#include <algorithm>
#include <cmath>

#include "encode.h"
#include "input/check_plan.h"
#include "input/tls_texts.h"

namespace dh_advisor {
namespace {

constexpr std::chrono::milliseconds kLongestDeadline = std::chrono::hours(24);
constexpr int kSmallestMessageLimit = 64 << 10;
// Left of the deadline of a good-bye for the half-close, when the summary does not come.
constexpr std::chrono::milliseconds kClosingTime{250};

std::chrono::milliseconds in_range(std::chrono::milliseconds deadline) {
  return std::clamp(deadline, std::chrono::milliseconds(0), kLongestDeadline);
}

SessionOptions in_range(SessionOptions options) {
  options.connect_deadline = in_range(options.connect_deadline);
  options.start_deadline = in_range(options.start_deadline);
  options.iteration_deadline = in_range(options.iteration_deadline);
  options.wait_allowance = in_range(options.wait_allowance);
  options.message_limit_bytes = std::max(options.message_limit_bytes, kSmallestMessageLimit);
  return options;
}

}  // namespace

Session::Impl::Impl(const SessionOptions& chosen, const PlanStart& plan)
    : options(in_range(chosen)), conversation(options, counters), budget(options) {
  counts.structures = plan.structures.size();
  for (const LevelPlan& level : plan.levels) counts.level_beamlets.push_back(level.beamlet_count);
  frame.structure_count = plan.structures.size();
  frame.weight_ceiling = plan.weight_ceiling;
  frame.accepts.insert(plan.accepts.begin(), plan.accepts.end());
}

void Session::Impl::introduce(const PlanStart& plan) {
  if (options.mode == AdviceMode::kOff) {
    conversation.fall_silent(Status::failed(StatusCode::kSwitchedOff, "advice mode is off"));
    return;
  }
  if (!is_good(check(options)) || !is_good(check(plan))) return;
  std::optional<TlsOptions> tls = options.tls;
  if (tls && !is_good(read_tls(*tls))) return;
  conversation.connect(std::move(tls));
  encode(plan, options.mode, event);
  opening_ = event;
  Verdict failure{};
  const pb::AdvisorEvent* answer =
      conversation.ask(event, {pb::AdvisorEvent::kAccepted}, options.connect_deadline, failure);
  if (answer == nullptr) {
    conversation.fall_silent(Status::failed(StatusCode::kDeadlineExceeded,
                                            "the advisor at " + options.address + " did not accept the plan in time"));
    return;
  }
  session_id = answer->accepted().session_id();
  take_accepted(answer->accepted());
  opened_ = Clock::now();
  waited_before_ = counters.waited;
}

void Session::Impl::take_accepted(const pb::Accepted& accepted) {
  opening_.mutable_start()->set_resume_token(accepted.resume_token());
  generation = accepted.configuration_generation();
  bindings = decode_bindings(accepted.bindings());
  wants = decode_wants(accepted);
  // Who is taken back by the host that knows the plan has not lost what roles have said before.
  if (accepted.is_taken_over()) {
    declined.clear();
    ended.clear();
  }
  for (const RoleBinding& binding : bindings) {
    if (!binding.declined.empty()) declined.insert(binding.role);
  }
  ended.insert(declined.begin(), declined.end());
}

bool Session::Impl::is_good(const Status& status) {
  if (!status.ok()) conversation.fall_silent(status);
  return status.ok();
}

bool Session::Impl::may_ask() { return conversation.is_live() && is_within_budget(); }

bool Session::Impl::is_within_budget() {
  const auto waited = counters.waited - waited_before_;
  const auto computed = Clock::now() - opened_ - waited;
  if (!budget.is_spent(computed)) return true;
  const auto to_ms = [](auto time) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()) + " ms";
  };
  conversation.give_up(Status::failed(StatusCode::kSwitchedOff, "silent because the plan has waited " + to_ms(waited) +
                                                                    " for advice and computed " + to_ms(computed) +
                                                                    "; its budget is wait_share, wait_allowance"));
  return false;
}

void Session::Impl::tell() {
  conversation.tell(event);
  event.clear_receipts();
}

void Session::Impl::post(const QuestionKey& key, std::chrono::milliseconds deadline, std::uint32_t level,
                         std::optional<std::uint32_t> iteration) {
  open_.push_back({key.answer, level, iteration, frame});
  conversation.post(event, key, deadline);
  event.clear_receipts();
}

bool Session::Impl::take_oldest(bool may_wait, Clock::time_point at_least, Advice& advice) {
  const OpenQuestion& question = open_.front();
  const auto waited_before = counters.waited;
  Verdict failure{};
  bool is_open = false;
  const pb::AdvisorEvent* answer =
      may_wait ? conversation.take(failure, at_least) : conversation.collect(failure, is_open);
  const auto waited = counters.waited - waited_before;
  question.iteration ? budget.add_iteration_wait(waited) : budget.add_start_wait(waited);
  if (is_open) return false;
  const OpenQuestion taken = question;
  open_.pop_front();
  if (answer != nullptr) {
    advice = decode_and_count(*answer, taken);
  } else {
    refuse_all(taken, failure);
  }
  return true;
}

Session::Impl::Advice Session::Impl::take() {
  Advice advice;
  while (!open_.empty() && take_oldest(!is_shadow(), {}, advice)) {
  }
  return is_shadow() ? Advice{} : std::move(advice);
}

Session::Impl::Advice Session::Impl::decode_and_count(const pb::AdvisorEvent& answer, const OpenQuestion& question) {
  Advice advice;
  Parts parts;
  if (answer.has_geometry()) advice.geometry = decode(answer.geometry(), question.frame, parts);
  if (answer.has_level()) advice.level = decode(answer.level(), question.frame, parts);
  if (answer.has_iteration()) advice.iteration = decode(answer.iteration(), question.frame, parts);
  for (const Part& part : parts) {
    ++counters.outcomes[{part.role, part.outcome}];
    counters.host_time[part.role] += std::chrono::microseconds(part.latency_us);
    float& highest = counters.highest_scores[part.role];
    if (std::isfinite(part.out_of_distribution_score)) highest = std::max(highest, part.out_of_distribution_score);
    if (!part.detail.empty()) counters.details[part.role] = part.detail;
    if (part.is_declined) declined.insert(part.role);
    if (part.is_final) ended.insert(part.role);
    if (!part.has_value) continue;
    if (part.verdict != Verdict::kAccepted) {
      report(part.role, part.verdict, question.level, question.iteration);
    } else if (is_shadow()) {
      report(part.role, Verdict::kShadow, question.level, question.iteration);
    }
  }
  return advice;
}

void Session::Impl::refuse_all(const OpenQuestion& question, Verdict failure) {
  const auto refuse = [&](std::initializer_list<Role> roles) {
    for (Role role : roles) {
      if (is_served(role)) report(role, failure, question.level, question.iteration);
    }
  };
  if (question.answer == pb::AdvisorEvent::kGeometry) refuse({Role::kHistogramSigma, Role::kPyramidSigma});
  if (question.answer == pb::AdvisorEvent::kLevel) refuse({Role::kInitialization, Role::kAdaptiveVariance});
  if (question.answer == pb::AdvisorEvent::kIteration) refuse({Role::kEarlyStopping, Role::kStepDirection});
}

bool Session::Impl::is_served(Role role) const {
  return std::any_of(bindings.begin(), bindings.end(),
                     [role](const RoleBinding& b) { return b.role == role && !b.plugin.empty(); });
}

const Want* Session::Impl::want(TensorKind kind) const {
  const auto found = wants.find(kind);
  if (!conversation.is_live() || found == wants.end()) return nullptr;
  const Want& want = found->second;
  const bool is_over = !want.is_lasting && std::all_of(want.roles.begin(), want.roles.end(),
                                                       [this](Role role) { return ended.count(role) > 0; });
  return is_over ? nullptr : &want;
}

void Session::Impl::report(Role role, Verdict verdict, std::uint32_t level, std::optional<std::uint32_t> iteration) {
  ++counters.verdicts[{role, verdict}];
  ++(verdict == Verdict::kAccepted ? counters.accepted : counters.refused);
  if (!conversation.is_live()) return;
  pb::AdviceReceipt& receipt = *event.add_receipts();
  receipt.set_role(static_cast<pb::Role>(role));
  receipt.set_verdict(static_cast<pb::Verdict>(verdict));
  receipt.set_level(level);
  if (iteration) receipt.set_iteration(*iteration);
}

Status Session::Impl::finish(const PlanFinish& finish) {
  const Clock::time_point until = Clock::now() + options.start_deadline;
  settle();
  // So that a plan whose connection broke counts, too.
  if (!resume(options.start_deadline / 2) || !is_good(check(finish, counts))) return conversation.status();
  const Clock::time_point closing = until - std::min(kClosingTime, options.start_deadline / 4);
  Advice withheld;
  // Of shadow mode, where answers have not been waited for. They come in order, before the summary.
  while (!open_.empty() && conversation.is_live()) take_oldest(true, closing, withheld);
  if (!conversation.is_live()) return conversation.status();
  encode(finish, std::chrono::duration<double, std::milli>(counters.waited).count(), event);
  conversation.post(event, {pb::AdvisorEvent::kSummary}, std::chrono::milliseconds(0));
  Verdict failure{};
  const pb::AdvisorEvent* const summary = conversation.take(failure, closing);
  const bool is_summed_up = summary != nullptr;
  if (is_summed_up && summary->summary().has_provenance()) provenance = decode(summary->summary().provenance());
  conversation.close(until);
  if (!is_summed_up) {
    conversation.fall_silent(Status::failed(StatusCode::kDeadlineExceeded,
                                            "the advisor did not sum the plan up; it may not count as finished"));
  }
  return conversation.status();
}

}  // namespace dh_advisor
