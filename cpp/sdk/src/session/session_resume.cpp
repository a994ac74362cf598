// How a session comes back after its connection broke.
#include <algorithm>

#include "input/tls_texts.h"
#include "session_impl.h"

namespace dh_advisor {
namespace {

// Bounded, so that a host that is gone for good is left alone.
constexpr int kMostTries = 8;
constexpr std::uint64_t kMostResumptions = 64;
constexpr std::chrono::milliseconds kFirstPause{250};

std::chrono::milliseconds to_ms(Clock::duration duration) {
  return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(duration), std::chrono::milliseconds(0));
}

}  // namespace

bool Session::Impl::may_resume() const {
  return conversation.is_broken() && !opening_.start().resume_token().empty() && tries_ < kMostTries &&
         counters.resumptions < kMostResumptions;
}

void Session::Impl::keep_geometry() {
  geometry_ = event;
  geometry_.clear_receipts();
}

bool Session::Impl::resume(Clock::duration within) {
  if (conversation.is_live()) return true;
  const Clock::time_point begun = Clock::now();
  if (!may_resume() || begun < next_try_ || !is_within_budget()) return false;
  ++tries_;
  std::optional<TlsOptions> tls = options.tls;
  // Files that are being replaced are read again at the next try.
  const bool has_tls = !tls || read_tls(*tls).ok();
  const auto waited_before = counters.waited;
  const pb::AdvisorEvent* answer = nullptr;
  if (has_tls) {
    const auto deadline = std::min(to_ms(within), options.connect_deadline);
    answer = conversation.reconnect(std::move(tls), opening_, deadline);
  }
  bool is_back = answer != nullptr;
  if (is_back && answer->accepted().session_id() != session_id) {
    conversation.fall_silent(Status::failed(StatusCode::kProtocolError, "the advisor took another session back"));
    is_back = false;
  }
  if (is_back) {
    const bool is_taken_over = answer->accepted().is_taken_over();
    take_accepted(answer->accepted());
    ++counters.resumptions;
    tries_ = 0;
    if (is_taken_over) is_back = tell_again(begun + within);
  }
  budget.add_start_wait(counters.waited - waited_before);
  // Each try waits twice as long as the one before.
  next_try_ = Clock::now() + (is_back ? Clock::duration(0) : Clock::duration(kFirstPause * (1 << tries_)));
  return is_back;
}

bool Session::Impl::tell_again(Clock::time_point until) {
  if (has_sent_volumes_) {
    conversation.fall_silent(
        Status::failed(StatusCode::kClosed,
                       "the advisor that took the plan over has not heard its volumes, which are not sent twice"));
    return false;
  }
  if (geometry_.has_geometry()) {
    Verdict failure{};
    const pb::AdvisorEvent* const answer =
        conversation.ask(geometry_, {pb::AdvisorEvent::kGeometry}, to_ms(until - Clock::now()), failure);
    // What was decided with the first answer stays; only who has nothing to say any more is news.
    Parts parts;
    if (answer != nullptr) decode(answer->geometry(), frame, parts);
    for (const Part& part : parts) {
      if (part.is_declined) declined.insert(part.role);
      if (part.is_final) ended.insert(part.role);
    }
  }
  return conversation.is_live();
}

}  // namespace dh_advisor
