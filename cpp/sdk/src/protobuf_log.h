#pragma once

#include <string>

namespace dh_advisor {

/// While it lives, what libprotobuf has to say about bytes that this thread parses is kept here instead of being
/// printed on the optimizer's stderr. What other threads make it say goes where it went before. One a thread at a time.
class ProtobufLogCapture {
 public:
  ProtobufLogCapture();
  ~ProtobufLogCapture();
  ProtobufLogCapture(const ProtobufLogCapture&) = delete;
  ProtobufLogCapture& operator=(const ProtobufLogCapture&) = delete;

  /// The first sentence, or nothing.
  const std::string& text() const { return text_; }
  void keep(const std::string& message);

 private:
  std::string text_;
};

}  // namespace dh_advisor
