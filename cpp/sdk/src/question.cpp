#include "question.h"

#include <algorithm>

namespace dh_advisor {
namespace {

// For an answer that is here already: to read it takes more than no time.
constexpr auto kReadingTime = std::chrono::milliseconds(1);

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

void Conversation::connect() { stream_ = Stream::open({options_.address, options_.message_limit_bytes}); }

void Conversation::hang_up() { stream_.reset(); }

void Conversation::fall_silent(Status why) {
  if (status_.ok()) status_ = std::move(why);
  stream_.reset();
}

void Conversation::tell(const pb::OptimizerEvent& event) {
  if (is_live() && !stream_->write(event)) fall_silent(stream_->end_status());
}

void Conversation::post(const pb::OptimizerEvent& event, const QuestionKey& key, std::chrono::milliseconds deadline) {
  if (!is_live()) return;
  const Clock::time_point asked = Clock::now();
  ++counters_.questions;
  posted_ = key;
  // Where it can't be written the end has been seen by the idle poll; `next` gives its reason at once.
  posted_deadline_ = stream_->write(event) ? asked + deadline : asked;
  counters_.waited += Clock::now() - asked;
}

const pb::AdvisorEvent* Conversation::take(Verdict& failure) {
  failure = Verdict::kSwitchedOff;
  if (!is_live()) return nullptr;
  const Clock::time_point begun = Clock::now();
  const pb::AdvisorEvent* answer = await(posted_, std::max(posted_deadline_, begun + kReadingTime), failure);
  counters_.waited += Clock::now() - begun;
  if (answer != nullptr) {
    ++counters_.answers;
    consecutive_failures_ = 0;
    last_answered_ = posted_;
  }
  return answer;
}

const pb::AdvisorEvent* Conversation::ask(const pb::OptimizerEvent& event, const QuestionKey& key,
                                          std::chrono::milliseconds deadline, Verdict& failure) {
  post(event, key, deadline);
  return take(failure);
}

const pb::AdvisorEvent* Conversation::await(const QuestionKey& key, Clock::time_point deadline, Verdict& failure) {
  for (;;) {
    const pb::AdvisorEvent* message = nullptr;
    switch (stream_->next(deadline, &message)) {
      case Stream::Read::kEnd:
        fall_silent(stream_->end_status());
        return nullptr;
      case Stream::Read::kTimeout:
        ++counters_.late;
        failure = Verdict::kLate;
        abandoned_.insert(key);
        note_failure(Status::failed(StatusCode::kDeadlineExceeded, "the advisor did not answer in time"));
        return nullptr;
      case Stream::Read::kMessage:
        break;
    }
    if (message->has_notice()) continue;
    const QuestionKey echo = key_of(*message);
    if (echo == key) return message;
    if (abandoned_.erase(echo) > 0) continue;  // Counted as late when its deadline passed.
    if (echo == last_answered_) {
      ++counters_.duplicates;
      continue;
    }
    ++counters_.wrong_frames;
    failure = Verdict::kWrongFrame;
    // This answer stood for ours; should the right one still come, it is late.
    abandoned_.insert(key);
    note_failure(Status::failed(StatusCode::kRefused, "the advisor answered another question than the one asked"));
    return nullptr;
  }
}

void Conversation::note_failure(const Status& last) {
  if (++consecutive_failures_ < options_.breaker_threshold) return;
  fall_silent(Status::failed(StatusCode::kSwitchedOff, "silent after " + std::to_string(consecutive_failures_) +
                                                           " unanswered questions; the last: " + last.message));
}

void Conversation::close(std::chrono::milliseconds deadline) {
  if (!is_live()) return;
  stream_->half_close();
  const Clock::time_point until = Clock::now() + deadline;
  const pb::AdvisorEvent* message = nullptr;
  while (stream_->next(until, &message) == Stream::Read::kMessage) {
  }
  hang_up();
}

}  // namespace dh_advisor
