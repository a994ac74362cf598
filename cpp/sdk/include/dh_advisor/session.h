#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dh_advisor/advice.h"
#include "dh_advisor/export.h"
#include "dh_advisor/plan.h"
#include "dh_advisor/status.h"

namespace dh_advisor {

/// Shadow asks and records but hands nothing out; advise hands out what passed the frame checks.
enum class AdviceMode { kOff, kShadow, kAdvise };

/// How a connection is kept from being heard and spoken to by others. Certificates and key are texts in PEM form, or
/// paths of files that hold them, of at most 1 MiB; they are read when a session opens, so a renewed file is used by
/// the next plan.
struct TlsOptions {
  /// Authorities, one of which must have signed the host's certificate. Empty: those that gRPC finds on this machine.
  std::string ca;
  /// Own certificate, then those that signed it, for a host that asks for one. Empty: none is shown.
  std::string certificate;
  /// Private key of it, without a passphrase.
  std::string key;
  /// Name or IP address that the host's certificate must be of. Empty: the one in `SessionOptions::address`.
  std::string server_name;
};

struct SessionOptions {
  /// `host:port` of the advisor, or a gRPC target. Plain text without `tls`: for loopback or a private network.
  std::string address;
  AdviceMode mode = AdviceMode::kAdvise;
  /// Time to connect and be accepted.
  std::chrono::milliseconds connect_deadline{1000};
  /// Per geometry question and per level question (warm start).
  std::chrono::milliseconds start_deadline{2000};
  /// Per iteration, counted from the question.
  std::chrono::milliseconds iteration_deadline{50};
  /// Consecutive unanswered questions after which the session stays silent; at least 1.
  int breaker_threshold = 3;
  /// Largest message either way, bytes; at least 64 KiB.
  int message_limit_bytes = 64 << 20;
  /// Waiting budget of the plan: it may wait for advice this share of the time that it computes, and the allowance in
  /// addition; then the session falls silent. Waiting for geometry and level advice counts only above one
  /// `start_deadline` over the whole plan. Not negative; infinity = no budget. Unset: 1, and no budget with an
  /// `iteration_deadline` above 1 s, which says that the plan may wait.
  std::optional<double> wait_share;
  std::chrono::milliseconds wait_allowance{500};
  /// Obey `http_proxy` and its relatives in the environment; gRPC would send even loopback through the proxy.
  bool uses_http_proxy = false;
  /// Unset: plain text. What can't be used (no such file, no PEM, a certificate without its key) silences the session
  /// with kInvalidInput; a host that can't be trusted, or does not trust this client, with kUnreachable.
  std::optional<TlsOptions> tls;
};

/// Counts for the result file and for operators.
struct SessionCounters {
  std::uint64_t questions = 0;   ///< Asked.
  std::uint64_t answers = 0;     ///< Answered in time and with the right frame.
  std::uint64_t late = 0;        ///< Deadline missed.
  std::uint64_t duplicates = 0;  ///< Further answers to one question; ignored.
  std::uint64_t wrong_frames =
      0;  ///< Answers to something never asked; ignored, as is the answer to the question then open.
  std::uint64_t resumptions = 0;       ///< How often the connection broke and the session went on.
  std::uint64_t accepted = 0;          ///< Verdict kAccepted.
  std::uint64_t refused = 0;           ///< Every other verdict.
  std::chrono::nanoseconds waited{0};  ///< Spent waiting for answers.
  std::map<std::pair<Role, Verdict>, std::uint64_t> verdicts;
  std::map<std::pair<Role, Outcome>, std::uint64_t> outcomes;
  std::map<Role, std::chrono::microseconds> host_time;  ///< Inside the host, from question to answer, all together.
  std::map<Role, float> highest_scores;                 ///< Out of distribution, of any answer; 1 = refused.
  /// What a plugin last said when it gave no value, in words for people.
  std::map<Role, std::string> details;
};

/// Where the advice of a session came from, to be kept beside the plan; see the contract's `Provenance`.
struct Provenance {
  std::string host;  ///< Name and version.
  std::string session_id;
  std::uint32_t configuration_generation = 0;
  std::string arm;                    ///< `experiment/arm`; empty outside experiments.
  std::vector<RoleBinding> bindings;  ///< What served each role, with versions and hashes of models.
  std::optional<Quality> quality;     ///< The one the host took the plan for.
  std::uint32_t resumptions = 0;      ///< How often the session was resumed.
  std::uint32_t answers = 0;          ///< Messages answered.
  std::string journal_sha256;         ///< At the end of the host's journal; empty where it keeps none.
};

/// One plan's conversation with the advisor.
///
/// Never throws, never blocks longer than the deadline of the question, and never fails a plan: whatever goes wrong,
/// the answer is "no advice" and `status()` says why. Vectors handed out have the right length and only finite values;
/// whether to use them is for the gates (`gates.h`) and the optimizer, which reports its verdict with `report`.
///
/// What can't be sent (a number that is not finite, text that is not UTF-8, a null pointer, counts that do not agree)
/// is not sent: the session falls silent with kInvalidInput, and the message names the field.
///
/// Deadlines: negative ones count as 0, and none is longer than 24 hours.
///
/// In shadow mode questions are not waited for: the advice is withheld anyway, and answers are counted when they have
/// come by the time of a later call. Only `open`, `resume` and `finish` wait, for their deadlines.
///
/// When the connection breaks, the plan is without advice until its next stage; `is_live` is false and `status` says
/// why. `ask_level` and `finish` then try to have the session taken back: by the same host, by one that was restarted,
/// or by another one that `SessionOptions::address` leads to and that shares the folder of journals, in the same arm
/// and with the same versions or not at all. There are at most 8 tries a break, half a second apart and then twice as
/// long each time; what they wait counts in the waiting budget. A session that fell silent for another reason stays so.
/// The geometry's message is kept in memory for a host that has not heard it.
///
/// Not thread-safe: one thread uses a session. Different sessions are independent. Reading happens on a thread of the
/// session's own, so that the connection stays alive however long the optimizer computes between calls.
class DH_ADVISOR_API Session {
 public:
  /// Connects and introduces the plan. Without a host the session is silent from the start. Null only when there is
  /// not even memory for a session that is silent.
  static std::unique_ptr<Session> open(const SessionOptions& options, const PlanStart& plan);

  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// False once the session has fallen silent; every question is then answered at once with "no advice".
  bool is_live() const;
  /// The first thing that silenced the session, or ok; ok again once it was taken back.
  const Status& status() const;

  /// What `ask_level` and `finish` do by themselves, for an optimizer that asks only while the session is live: call it
  /// before a stage. True when the session is live; else false, at once where there is nothing to try, and after half a
  /// `start_deadline` at most.
  bool resume();
  /// Whether the connection broke and a later `resume` may have the session taken back.
  bool may_resume() const;

  /// Empty until accepted.
  const std::string& session_id() const;
  const std::vector<RoleBinding>& bindings() const;
  std::uint32_t configuration_generation() const;

  /// Whether the host wants this tensor with `Geometry` or `LevelStart`. False once all roles that want it have ended:
  /// ask again before each message.
  bool wants(TensorKind kind) const;
  /// Whether the host wants this tensor with this iteration, in the same way.
  bool wants(TensorKind kind, std::uint32_t iteration) const;
  /// Whether a plugin serves the role, so that its answer is worth preparing for.
  bool is_served(Role role) const;
  /// Whether the plugin that serves the role has said that it has nothing for this plan: no value of it will come.
  bool has_declined(Role role) const;
  /// Whether no value of the role will come any more, because its plugin has declined or the host has switched it off
  /// for this plan. Whoever waits for nothing else need not wait.
  bool has_ended(Role role) const;

  /// Sends a wanted volume in chunks, without waiting. Before `ask_geometry`. kInvalidInput leaves the session as it
  /// is.
  Status send_volume(const VolumeView& volume);

  GeometryAdvice ask_geometry(const Geometry& geometry);
  /// Also says what the answers of the level's iterations are checked against: before the first level start every
  /// direction is refused for its length.
  LevelAdvice ask_level(const LevelStart& start);
  IterationAdvice ask_iteration(const Iteration& iteration);

  /// `ask_iteration` in two: the question, whose tensors are copied, and its answer. An optimizer that computes its
  /// next iteration in between need not wait for the answer. Direction advice would then come too late; stop advice
  /// does not (`StopGate::is_checking`).
  void post_iteration(const Iteration& iteration);
  /// The answer to what was posted last: at once when it has come by now, else within what is left of the deadline.
  /// Nothing when nothing was posted. Whatever is asked or told next takes an answer that nobody took, and drops it.
  IterationAdvice take_iteration();

  void tell_level_end(const LevelEnd& end);
  /// Says good-bye and waits for the summary and the host's close, at most `start_deadline` together. Without a summary
  /// kDeadlineExceeded: the host may not have booked the plan as finished. Nothing can be asked afterwards.
  Status finish(const PlanFinish& finish);

  /// Records what the optimizer did with a piece of advice; sent with the next event. A role or verdict that does not
  /// exist silences the session.
  void report(Role role, Verdict verdict, std::uint32_t level, std::optional<std::uint32_t> iteration = std::nullopt);

  /// What the host said of itself when it summed the plan up; nothing before, or from a host that says none.
  std::optional<Provenance> provenance() const;

  /// Copies the counts.
  SessionCounters counters() const;

 private:
  friend struct SessionAccess;  // For the C interface.
  Session();
  class Impl;
  std::unique_ptr<Impl> impl_;  // Null when there was no memory for it.
};

}  // namespace dh_advisor
