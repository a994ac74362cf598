#include "files/text.h"

#include <algorithm>
#include <cstdio>

namespace rtmodel {
namespace {

constexpr std::size_t kQuotedBytes = 200;
constexpr std::size_t kLongestName = 256;

bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

/// Bytes of the character at the front of `text`; 0 when there is no valid one (RFC 3629: no overlong forms, no
/// surrogates, nothing above U+10FFFF).
std::size_t character_length(std::string_view text) {
  const auto at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = at(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if (!is_continuation(at(i))) return 0;
  const unsigned char second = at(1);
  const bool is_bad = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                      (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
  return is_bad ? 0 : length;
}

/// C0, DEL, C1, and the line and paragraph separators.
bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7F;
  if (character.size() == 2) return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
  return character == "\u2028" || character == "\u2029";
}

}  // namespace

std::optional<std::size_t> first_bad_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_length(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

std::string fault_of_name(std::string_view text) {
  if (text.size() > kLongestName) return "has " + std::to_string(text.size()) + " bytes, more than 256";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_length(text.substr(at));
    if (length == 0) return "is not UTF-8 (byte " + std::to_string(at + 1) + ")";
    if (is_control(text.substr(at, length)))
      return "has a control character, such as a line break or tab (byte " + std::to_string(at + 1) + ")";
    at += length;
  }
  return "";
}

std::size_t line_of(std::string_view text, std::size_t offset) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size()));
  return 1 + static_cast<std::size_t>(std::count(text.begin(), end, '\n'));
}

std::string quotable(std::string_view text) {
  std::string quoted;
  for (std::size_t at = 0; at < text.size();) {
    if (quoted.size() >= kQuotedBytes) return quoted + "...";
    const std::size_t length = character_length(text.substr(at));
    if (length > 0 && !is_control(text.substr(at, length))) {
      quoted += text.substr(at, length);
      at += length;
      continue;
    }
    char escaped[5];
    std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned char>(text[at]));
    quoted += escaped;
    at += 1;
  }
  return quoted;
}

}  // namespace rtmodel
