#pragma once

#include <memory>
#include <set>
#include <string>
#include <tuple>

#include "dh_advisor/session.h"
#include "stream.h"

namespace dh_advisor {

/// Names a question so that its answer can be told from late, doubled and foreign ones: which kind, and the echo.
struct QuestionKey {
  pb::AdvisorEvent::EventCase answer = pb::AdvisorEvent::EVENT_NOT_SET;
  std::uint32_t level = 0;
  std::uint32_t stage = 0;
  std::uint32_t iteration = 0;

  bool operator<(const QuestionKey& other) const {
    return std::tie(answer, level, stage, iteration) <
           std::tie(other.answer, other.level, other.stage, other.iteration);
  }
  bool operator==(const QuestionKey& other) const { return !(*this < other) && !(other < *this); }
};

QuestionKey key_of(const pb::AdvisorEvent& answer);

/// Asks one question at a time over a stream, waits no longer than its deadline, and falls silent after repeated
/// failures. The asker may compute between question and answer. For one thread.
class Conversation {
 public:
  Conversation(const SessionOptions& options, SessionCounters& counters) : options_(options), counters_(counters) {}

  void connect();
  /// Not a question of the plan: a session that ends well stays `ok` but says nothing more.
  void hang_up();

  bool is_live() const { return stream_ != nullptr; }
  const Status& status() const { return status_; }

  void tell(const pb::OptimizerEvent& event);

  /// Sends a question. Its answer is to be taken before the next one is asked.
  void post(const pb::OptimizerEvent& event, const QuestionKey& key, std::chrono::milliseconds deadline);

  /// The answer, valid until the next call; null when there is none, and `failure` says how it failed. Counts the
  /// deadline from the question; an answer that has come by now is taken whatever the time.
  const pb::AdvisorEvent* take(Verdict& failure);

  /// Both in one.
  const pb::AdvisorEvent* ask(const pb::OptimizerEvent& event, const QuestionKey& key,
                              std::chrono::milliseconds deadline, Verdict& failure);

  /// Half-closes and waits for the host's close, so that the last receipts are not lost.
  void close(std::chrono::milliseconds deadline);

  /// Silences the session for good.
  void fall_silent(Status why);

 private:
  const pb::AdvisorEvent* await(const QuestionKey& key, Clock::time_point deadline, Verdict& failure);
  void note_failure(const Status& last);

  const SessionOptions& options_;
  SessionCounters& counters_;
  std::unique_ptr<Stream> stream_;
  Status status_;
  /// What was posted and not yet taken.
  QuestionKey posted_;
  Clock::time_point posted_deadline_;
  std::set<QuestionKey> abandoned_;
  QuestionKey last_answered_;
  int consecutive_failures_ = 0;
};

}  // namespace dh_advisor
