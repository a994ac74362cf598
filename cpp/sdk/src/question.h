#pragma once

#include <deque>
#include <map>
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

/// Which questions have been put, in a few numbers a stage: iterations count upwards.
class AskedQuestions {
 public:
  void remember(const QuestionKey& key);
  bool contains(const QuestionKey& key) const;

 private:
  std::map<QuestionKey, std::uint32_t> highest_iterations_;  // By the key without its iteration.
};

/// Asks questions over a stream, waits no longer than their deadlines, and falls silent after repeated failures. The
/// asker may compute between question and answer, and may ask again before it takes an answer: answers are taken in the
/// order of the questions. For one thread.
class Conversation {
 public:
  Conversation(const SessionOptions& options, SessionCounters& counters) : options_(options), counters_(counters) {}

  /// `tls`: as texts; none: plain text.
  void connect(std::optional<TlsOptions> tls);
  /// Not a question of the plan: a session that ends well stays `ok` but says nothing more.
  void hang_up();

  /// After a session's connection broke: connects once more and asks to be taken back with `start`. The answer, or null
  /// when it failed; `is_broken` then says whether another try makes sense. `tls` as for `connect`.
  const pb::AdvisorEvent* reconnect(std::optional<TlsOptions> tls, const pb::OptimizerEvent& start,
                                    std::chrono::milliseconds deadline);

  bool is_live() const { return stream_ != nullptr; }
  /// Silent because the connection broke, or the host went away in good order: a host may take the session back.
  bool is_broken() const { return is_broken_; }
  const Status& status() const { return status_; }

  void tell(const pb::OptimizerEvent& event);

  /// Sends a question.
  void post(const pb::OptimizerEvent& event, const QuestionKey& key, std::chrono::milliseconds deadline);

  /// The answer to the oldest question that is open, valid until the next call; null when there is none, and `failure`
  /// says how it failed. Counts the deadline from the question, and waits until `at_least`, if that is later; an answer
  /// that has come by now is taken whatever the time.
  const pb::AdvisorEvent* take(Verdict& failure, Clock::time_point at_least = {});

  /// The same without any waiting: `is_open` when the answer has not come and its deadline is not over.
  const pb::AdvisorEvent* collect(Verdict& failure, bool& is_open);

  /// Both in one.
  const pb::AdvisorEvent* ask(const pb::OptimizerEvent& event, const QuestionKey& key,
                              std::chrono::milliseconds deadline, Verdict& failure);

  /// Half-closes and waits for the host's close, so that the last receipts are not lost.
  void close(Clock::time_point until);

  /// Silences the session. The first reason stays.
  void fall_silent(Status why);
  /// The same for one that does not come back, even if its connection only broke; then this is the reason.
  void give_up(Status why);

 private:
  struct Posted {
    QuestionKey key;
    Clock::time_point deadline;
  };
  enum class Await { kAnswer, kTimeout, kFailed };

  Await await(const QuestionKey& key, Clock::time_point deadline, const pb::AdvisorEvent** answer, Verdict& failure);
  bool is_skipped(const pb::AdvisorEvent& message, const QuestionKey& echo);
  const pb::AdvisorEvent* conclude(Await end, const Posted& question, const pb::AdvisorEvent* answer, Verdict& failure);
  bool fits(const pb::OptimizerEvent& event);
  /// The stream is over; the host, or the way to it, has ended it.
  void lose_stream();
  void note_failure(const Status& last);

  const SessionOptions& options_;
  SessionCounters& counters_;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<Stream> ending_;  // Of a session that has fallen silent.
  Status status_;
  std::deque<Posted> posted_;  // And not yet taken.
  AskedQuestions asked_;
  std::set<QuestionKey> abandoned_;
  int consecutive_failures_ = 0;
  bool is_host_leaving_ = false;
  bool is_broken_ = false;
};

}  // namespace dh_advisor
