// In place of stream.cpp where the library is built without gRPC (DH_ADVISOR_TRANSPORT=none): every session ends before
// it begins and says so, so an optimizer plans as it does when no host is there.
#include "stream.h"

namespace dh_advisor {

class Stream::Impl {};

Stream::Stream() = default;
Stream::~Stream() = default;

std::unique_ptr<Stream> Stream::open(const Options&) { return std::unique_ptr<Stream>(new Stream()); }

bool Stream::write(const pb::OptimizerEvent&) { return false; }

Stream::Read Stream::next(Clock::time_point, const pb::AdvisorEvent** message) {
  *message = nullptr;
  return Read::kEnd;
}

void Stream::half_close() {}

Status Stream::end_status() const {
  return Status::failed(StatusCode::kUnreachable,
                        "no advisor reached: this build of the client library has no gRPC; build it with "
                        "DH_ADVISOR_TRANSPORT=grpc");
}

}  // namespace dh_advisor
