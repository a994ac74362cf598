#include "question.h"

#include <algorithm>
#include <utility>

namespace dh_advisor {
namespace {

// For an answer that is here already: to read it takes more than no time.
constexpr auto kReadingTime = std::chrono::milliseconds(1);

// Messages beside the answer while one question is open: notices, doubled answers, those to questions given up. A host
// that sends more holds the optimizer up, whatever it means by it.
constexpr int kSkippedLimit = 64;

}  // namespace

QuestionKey key_of(const pb::AdvisorEvent& answer) {
  QuestionKey key;
  key.answer = answer.event_case();
  if (answer.has_level()) {
    key.level = answer.level().level();
    key.stage = answer.level().stage();
  } else if (answer.has_iteration()) {
    key.level = answer.iteration().level();
    key.stage = answer.iteration().stage();
    key.iteration = answer.iteration().iteration();
  }
  return key;
}

void AskedQuestions::remember(const QuestionKey& key) {
  QuestionKey stage = key;
  stage.iteration = 0;
  std::uint32_t& highest = highest_iterations_[stage];
  highest = std::max(highest, key.iteration);
}

bool AskedQuestions::contains(const QuestionKey& key) const {
  QuestionKey stage = key;
  stage.iteration = 0;
  const auto found = highest_iterations_.find(stage);
  return found != highest_iterations_.end() && key.iteration <= found->second;
}

void Conversation::connect(std::optional<TlsOptions> tls) {
  stream_ = Stream::open({options_.address, options_.message_limit_bytes, options_.uses_http_proxy, std::move(tls)});
}

const pb::AdvisorEvent* Conversation::reconnect(std::optional<TlsOptions> tls, const pb::OptimizerEvent& start,
                                                std::chrono::milliseconds deadline) {
  const Status why = std::exchange(status_, Status());
  // Of the stream before: its answers can't come any more.
  ending_.reset();
  asked_ = AskedQuestions();
  abandoned_.clear();
  consecutive_failures_ = 0;
  is_broken_ = is_host_leaving_ = false;
  connect(std::move(tls));
  Verdict failure{};
  const pb::AdvisorEvent* const answer = ask(start, {pb::AdvisorEvent::kAccepted}, deadline, failure);
  if (answer != nullptr) return answer;
  // Not heard in time. Should the host have taken the session, it refuses the next try, and that is the end.
  const bool may_try_again = is_broken_ || is_live() || status_.code == StatusCode::kSwitchedOff;
  if (may_try_again) {
    fall_silent(why);
    status_ = why;
    is_broken_ = true;
  }
  return nullptr;
}

void Conversation::lose_stream() {
  const Status end = stream_->end_status();
  fall_silent(end);
  is_broken_ = end.code == StatusCode::kUnreachable || (end.code == StatusCode::kClosed && is_host_leaving_);
}

void Conversation::hang_up() {
  posted_.clear();
  stream_.reset();
}

void Conversation::give_up(Status why) {
  if (is_broken_) status_ = why;
  is_broken_ = false;
  fall_silent(std::move(why));
}

void Conversation::fall_silent(Status why) {
  if (status_.ok()) status_ = std::move(why);
  if (!is_live()) return;
  // So that a host which is there sees an end, and not a plan that was broken off and may come back. It goes out while
  // the optimizer carries on.
  stream_->half_close();
  ending_ = std::move(stream_);
  hang_up();
}

bool Conversation::fits(const pb::OptimizerEvent& event) {
  const std::size_t bytes = event.ByteSizeLong();
  if (bytes <= static_cast<std::size_t>(options_.message_limit_bytes)) return true;
  fall_silent(Status::failed(StatusCode::kInvalidInput, "a message has " + std::to_string(bytes) +
                                                            " bytes, more than message_limit_bytes, " +
                                                            std::to_string(options_.message_limit_bytes)));
  return false;
}

void Conversation::tell(const pb::OptimizerEvent& event) {
  if (!is_live() || !fits(event) || stream_->write(event)) return;
  // The end has been seen by the idle poll; its reason may be a moment behind.
  const pb::AdvisorEvent* last = nullptr;
  const Clock::time_point until = Clock::now() + kReadingTime;
  while (stream_->next(until, &last) == Stream::Read::kMessage && Clock::now() < until) {
  }
  lose_stream();
}

void Conversation::post(const pb::OptimizerEvent& event, const QuestionKey& key, std::chrono::milliseconds deadline) {
  if (!is_live() || !fits(event)) return;
  const Clock::time_point asked = Clock::now();
  ++counters_.questions;
  asked_.remember(key);
  // Where it can't be written the end has been seen by the idle poll; `next` gives its reason at once.
  posted_.push_back({key, stream_->write(event) ? asked + deadline : asked});
  counters_.waited += Clock::now() - asked;
}

const pb::AdvisorEvent* Conversation::take(Verdict& failure, Clock::time_point at_least) {
  failure = Verdict::kSwitchedOff;
  if (!is_live() || posted_.empty()) return nullptr;
  const Posted question = posted_.front();
  const Clock::time_point begun = Clock::now();
  const pb::AdvisorEvent* answer = nullptr;
  const Clock::time_point until = std::max({question.deadline, begun + kReadingTime, at_least});
  const Await end = await(question.key, until, &answer, failure);
  counters_.waited += Clock::now() - begun;
  return conclude(end, question, answer, failure);
}

const pb::AdvisorEvent* Conversation::collect(Verdict& failure, bool& is_open) {
  failure = Verdict::kSwitchedOff;
  is_open = false;
  if (!is_live() || posted_.empty()) return nullptr;
  const Posted question = posted_.front();
  const Clock::time_point now = Clock::now();
  const pb::AdvisorEvent* answer = nullptr;
  const Await end = await(question.key, now, &answer, failure);
  is_open = end == Await::kTimeout && now < question.deadline;
  return is_open ? nullptr : conclude(end, question, answer, failure);
}

const pb::AdvisorEvent* Conversation::ask(const pb::OptimizerEvent& event, const QuestionKey& key,
                                          std::chrono::milliseconds deadline, Verdict& failure) {
  post(event, key, deadline);
  return take(failure);
}

const pb::AdvisorEvent* Conversation::conclude(Await end, const Posted& question, const pb::AdvisorEvent* answer,
                                               Verdict& failure) {
  if (!posted_.empty()) posted_.pop_front();
  if (end == Await::kAnswer) {
    ++counters_.answers;
    consecutive_failures_ = 0;
    return answer;
  }
  if (end == Await::kTimeout) {
    ++counters_.late;
    failure = Verdict::kLate;
    abandoned_.insert(question.key);
    note_failure(Status::failed(StatusCode::kDeadlineExceeded, "the advisor did not answer in time"));
  }
  return nullptr;
}

bool Conversation::is_skipped(const pb::AdvisorEvent& message, const QuestionKey& echo) {
  // What a newer host may say in addition needs no answer either.
  if (message.has_notice() && message.notice().kind() == pb::NOTICE_KIND_DRAINING) is_host_leaving_ = true;
  if (message.has_notice() || message.event_case() == pb::AdvisorEvent::EVENT_NOT_SET) return true;
  if (abandoned_.erase(echo) > 0) return true;  // Counted as late when its deadline passed.
  const auto is_open = [&echo](const Posted& posted) { return posted.key == echo; };
  if (!asked_.contains(echo) || std::any_of(posted_.begin(), posted_.end(), is_open)) return false;
  ++counters_.duplicates;
  return true;
}

Conversation::Await Conversation::await(const QuestionKey& key, Clock::time_point deadline,
                                        const pb::AdvisorEvent** answer, Verdict& failure) {
  for (int skipped = 0;;) {
    switch (stream_->next(deadline, answer)) {
      case Stream::Read::kEnd:
        lose_stream();
        return Await::kFailed;
      case Stream::Read::kTimeout:
        return Await::kTimeout;
      case Stream::Read::kMessage:
        break;
    }
    const QuestionKey echo = key_of(**answer);
    if (echo == key) return Await::kAnswer;
    if (!is_skipped(**answer, echo)) {
      ++counters_.wrong_frames;
      failure = Verdict::kWrongFrame;
      // This answer stood for ours; should the right one still come, it is late.
      abandoned_.insert(key);
      note_failure(Status::failed(StatusCode::kRefused, "the advisor answered another question than the one asked"));
      return Await::kFailed;
    }
    if (++skipped >= kSkippedLimit) {
      failure = Verdict::kWrongFrame;
      fall_silent(Status::failed(
          StatusCode::kProtocolError,
          "the advisor sent " + std::to_string(skipped) + " messages that answer nothing while one question was open"));
      return Await::kFailed;
    }
    // There may always be another message: only the clock ends this.
    if (Clock::now() >= deadline) return Await::kTimeout;
  }
}

void Conversation::note_failure(const Status& last) {
  if (++consecutive_failures_ < std::max(1, options_.breaker_threshold)) return;
  fall_silent(Status::failed(StatusCode::kSwitchedOff, "silent after " + std::to_string(consecutive_failures_) +
                                                           " unanswered questions; the last: " + last.message));
}

void Conversation::close(Clock::time_point until) {
  if (!is_live()) return;
  stream_->half_close();
  const pb::AdvisorEvent* message = nullptr;
  for (int skipped = 0; skipped < kSkippedLimit && stream_->next(until, &message) == Stream::Read::kMessage;
       ++skipped) {
    if (Clock::now() >= until) break;
  }
  hang_up();
}

}  // namespace dh_advisor
