#include "protobuf_log.h"

#include <google/protobuf/stubs/common.h>
#if GOOGLE_PROTOBUF_VERSION < 4022000
#include <google/protobuf/stubs/logging.h>
#endif

namespace dh_advisor {
namespace {

thread_local ProtobufLogCapture* capture = nullptr;

#if GOOGLE_PROTOBUF_VERSION < 4022000

namespace proto = google::protobuf;

void handle(proto::LogLevel level, const char* file, int line, const std::string& message);

/// libprotobuf has one handler a process and asks for it to be set while no other thread is there: as the library
/// loads.
class Handler {
 public:
  Handler() : previous_(proto::SetLogHandler(&handle)) {}
  ~Handler() {
    // Unless somebody took our place since.
    proto::LogHandler* const current = proto::SetLogHandler(previous_);
    if (current != &handle) proto::SetLogHandler(current);
  }
  void pass_on(proto::LogLevel level, const char* file, int line, const std::string& message) const {
    if (previous_ != nullptr) previous_(level, file, line, message);
  }

 private:
  proto::LogHandler* previous_;
};

Handler handler;

void handle(proto::LogLevel level, const char* file, int line, const std::string& message) {
  if (capture != nullptr) {
    capture->keep(message);
  } else {
    handler.pass_on(level, file, line, message);
  }
}

#endif

}  // namespace

ProtobufLogCapture::ProtobufLogCapture() { capture = this; }
ProtobufLogCapture::~ProtobufLogCapture() { capture = nullptr; }

void ProtobufLogCapture::keep(const std::string& message) {
  if (text_.empty()) text_ = message;
}

}  // namespace dh_advisor
