#include "stream.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#if __has_include(<grpcpp/impl/proto_utils.h>)
#include <grpcpp/impl/proto_utils.h>
#else
#include <grpcpp/impl/codegen/proto_utils.h>
#endif

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "protobuf_log.h"

namespace dh_advisor {
namespace {

constexpr const char* kMethod = "/dh.advisor.v1.PlanAdvisor/Advise";

// Often enough for any sane keepalive, seldom enough to cost nothing measurable.
constexpr auto kIdlePoll = std::chrono::milliseconds(200);

enum Tag : std::intptr_t { kStart = 1, kWrite, kRead, kHalfClose, kFinish };

void* tag(Tag value) { return reinterpret_cast<void*>(static_cast<std::intptr_t>(value)); }

// Completion queues count in wall time; deadlines here are steady, so convert at the last moment.
std::chrono::system_clock::time_point to_wall(Clock::time_point deadline) {
  return std::chrono::system_clock::now() +
         std::chrono::duration_cast<std::chrono::system_clock::duration>(deadline - Clock::now());
}

Status to_status(const grpc::Status& status) {
  if (status.ok()) return Status::failed(StatusCode::kClosed, "the advisor closed the stream");
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    return Status::failed(StatusCode::kUnreachable, "no advisor reached: " + status.error_message());
  }
  return Status::failed(StatusCode::kRefused, "the advisor ended the stream: " + status.error_message() +
                                                  " (gRPC status " + std::to_string(status.error_code()) + ")");
}

std::shared_ptr<grpc::ChannelCredentials> credentials_of(const std::optional<TlsOptions>& tls) {
  if (!tls) return grpc::InsecureChannelCredentials();
  return grpc::SslCredentials({tls->ca, tls->key, tls->certificate});
}

}  // namespace

class Stream::Impl {
 public:
  explicit Impl(const Options& options) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(options.message_limit_bytes);
    arguments.SetMaxSendMessageSize(options.message_limit_bytes);
    // A broken plan stream can't be replayed by the transport, and its retry buffer would only grow.
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    // A connection of its own: streams that share one share its flow-control window, unfairly.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    // Plain text to this machine or a private network does not belong in a proxy, which gRPC would ask even for
    // loopback.
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, options.uses_http_proxy ? 1 : 0);
    if (options.tls && !options.tls->server_name.empty()) arguments.SetSslTargetNameOverride(options.tls->server_name);
    stub_ = std::make_unique<Stub>(grpc::CreateCustomChannel(options.address, credentials_of(options.tls), arguments));
    call_ = stub_->PrepareCall(&context_, kMethod, &queue_);
    // The last thing that can throw: nothing is under way yet that would have to be ended.
    keeper_ = std::thread([this] { keep_alive(); });
    std::lock_guard<std::mutex> lock(mutex_);
    call_->StartCall(tag(kStart));
    ++pending_;
    is_write_busy_ = true;
  }

  ~Impl() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      is_stopping_ = true;
    }
    wake_keeper_.notify_all();
    keeper_.join();
    std::lock_guard<std::mutex> lock(mutex_);
    if (!is_finished_) context_.TryCancel();
    if (!is_finish_asked_) ask_finish();
    while (pending_ > 0) {
      void* done = nullptr;
      bool ok = false;
      if (!queue_.Next(&done, &ok)) break;
      --pending_;
    }
    queue_.Shutdown();
    void* done = nullptr;
    bool ok = false;
    while (queue_.Next(&done, &ok)) {
    }
  }

  bool write(const pb::OptimizerEvent& event) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (is_over_) return false;
    if (is_write_busy_) {
      waiting_.push_back(event);
    } else {
      start_write(event);
    }
    return true;
  }

  void half_close() {
    std::lock_guard<std::mutex> lock(mutex_);
    is_half_close_wanted_ = true;
    if (!is_over_ && !is_write_busy_) start_next_write();
  }

  Read next(Clock::time_point deadline, const pb::AdvisorEvent** message) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (is_message_taken_) {
      is_message_taken_ = false;
      start_read();
    }
    for (;;) {
      if (is_broken_) return Read::kEnd;
      if (is_message_ready_) {
        is_message_ready_ = false;
        is_message_taken_ = true;
        *message = &incoming_;
        return Read::kMessage;
      }
      if (is_finished_) return Read::kEnd;
      if (!poll(to_wall(deadline))) return Read::kTimeout;
    }
  }

  Status end_status() const {
    std::lock_guard<std::mutex> lock(mutex_);
    if (is_broken_) return broken_;
    if (!is_finished_) return Status::failed(StatusCode::kUnreachable, "the connection to the advisor broke");
    return to_status(final_status_);
  }

 private:
  using Stub = grpc::TemplatedGenericStub<pb::OptimizerEvent, grpc::ByteBuffer>;

  void start_write(const pb::OptimizerEvent& event) {
    call_->Write(event, tag(kWrite));
    ++pending_;
    is_write_busy_ = true;
  }

  void start_next_write() {
    if (!waiting_.empty()) {
      start_write(waiting_.front());
      waiting_.pop_front();
    } else if (is_half_close_wanted_ && !is_half_closed_) {
      is_half_closed_ = true;
      is_write_busy_ = true;
      call_->WritesDone(tag(kHalfClose));
      ++pending_;
    }
  }

  void start_read() {
    if (is_over_) return;
    call_->Read(&incoming_bytes_, tag(kRead));
    ++pending_;
  }

  void ask_finish() {
    is_finish_asked_ = true;
    call_->Finish(&final_status_, tag(kFinish));
    ++pending_;
  }

  // Decoded here rather than by gRPC, which does not tell an answer that it can't decode from the end of the stream.
  // Runs in the keeper's thread, too, so nothing may be thrown.
  void decode_incoming() noexcept {
    try {
      ProtobufLogCapture said;
      is_message_ready_ = grpc::SerializationTraits<pb::AdvisorEvent>::Deserialize(&incoming_bytes_, &incoming_).ok();
      if (is_message_ready_) return;
      is_broken_ = true;
      broken_.code = StatusCode::kProtocolError;
      broken_.message = "the advisor sent an answer that can't be decoded";
      if (!said.text().empty()) broken_.message += ": " + said.text();
    } catch (...) {
      is_broken_ = true;
      broken_.code = StatusCode::kFault;
      broken_.message.assign("out of memory");  // Short enough to need none.
    }
    context_.TryCancel();
  }

  // Handles one completion; false when there is none by the deadline. The mutex is held.
  bool poll(std::chrono::system_clock::time_point deadline) {
    void* done = nullptr;
    bool ok = false;
    if (queue_.AsyncNext(&done, &ok, deadline) != grpc::CompletionQueue::GOT_EVENT) return false;
    --pending_;
    switch (static_cast<Tag>(reinterpret_cast<std::intptr_t>(done))) {
      case kStart:
        is_write_busy_ = false;
        if (ok) {
          start_read();
          start_next_write();
        }
        break;
      case kWrite:
      case kHalfClose:
        is_write_busy_ = false;
        if (ok) start_next_write();
        break;
      case kRead:
        if (ok) decode_incoming();
        break;
      case kFinish:
        is_finished_ = true;
        break;
    }
    if ((!ok || is_broken_) && !is_over_) {
      is_over_ = true;
      waiting_.clear();
      if (!is_finish_asked_) ask_finish();
    }
    return true;
  }

  void keep_alive() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!is_stopping_) {
      wake_keeper_.wait_for(lock, kIdlePoll);
      while (!is_stopping_ && poll(std::chrono::system_clock::now())) {
      }
    }
  }

  std::unique_ptr<Stub> stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::ClientAsyncReaderWriter<pb::OptimizerEvent, grpc::ByteBuffer>> call_;
  grpc::Status final_status_;
  grpc::ByteBuffer incoming_bytes_;
  pb::AdvisorEvent incoming_;
  std::deque<pb::OptimizerEvent> waiting_;
  int pending_ = 0;
  bool is_write_busy_ = false;
  bool is_half_close_wanted_ = false;
  bool is_half_closed_ = false;
  bool is_message_ready_ = false;
  bool is_message_taken_ = false;
  bool is_broken_ = false;  // By this side; broken_ says why.
  Status broken_;
  bool is_over_ = false;
  bool is_finish_asked_ = false;
  bool is_finished_ = false;
  bool is_stopping_ = false;
  mutable std::mutex mutex_;
  std::condition_variable wake_keeper_;
  std::thread keeper_;
};

Stream::Stream() = default;
Stream::~Stream() = default;

std::unique_ptr<Stream> Stream::open(const Options& options) {
  std::unique_ptr<Stream> stream(new Stream());
  stream->impl_ = std::make_unique<Impl>(options);
  return stream;
}

bool Stream::write(const pb::OptimizerEvent& event) { return impl_->write(event); }
Stream::Read Stream::next(Clock::time_point deadline, const pb::AdvisorEvent** message) {
  return impl_->next(deadline, message);
}
void Stream::half_close() { impl_->half_close(); }
Status Stream::end_status() const { return impl_->end_status(); }

}  // namespace dh_advisor
