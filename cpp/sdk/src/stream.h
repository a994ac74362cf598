#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "dh/advisor/v1/plan_advisor.pb.h"
#include "dh_advisor/session.h"
#include "dh_advisor/status.h"

namespace dh_advisor {

namespace pb = dh::advisor::v1;
using Clock = std::chrono::steady_clock;

/// One gRPC stream that never blocks past a deadline, not even when the host stops reading.
///
/// The thread that asks also polls the connection, so an answer wakes it without a hop. While it computes, a small
/// thread of the stream's own polls now and then: pings are answered and left-over writes go out.
/// All methods are for one thread.
class Stream {
 public:
  struct Options {
    std::string address;
    int message_limit_bytes = 0;
    /// Obey `http_proxy` and its relatives in the environment.
    bool uses_http_proxy = false;
    /// As texts; unset: plain text.
    std::optional<TlsOptions> tls;
  };

  /// Starts connecting; returns at once. Failures show in `next`. Throws when there is no memory or no thread.
  static std::unique_ptr<Stream> open(const Options& options);
  ~Stream();

  /// Queues one event, serialised before the call returns. False once the stream is over.
  bool write(const pb::OptimizerEvent& event);

  enum class Read { kMessage, kTimeout, kEnd };
  /// Waits for the next event of the host. The message is valid until the next call. One that can't be decoded is the
  /// end of the stream.
  Read next(Clock::time_point deadline, const pb::AdvisorEvent** message);

  /// Tells the host that nothing more will come, once everything queued has been written.
  void half_close();

  /// Why the stream ended; while it has not, that the reason is not known yet.
  Status end_status() const;

 private:
  Stream();
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dh_advisor
