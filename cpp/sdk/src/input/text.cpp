#include "input/text.h"

#include <boost/locale/utf.hpp>

namespace dh_advisor {
namespace {

using Utf8 = boost::locale::utf::utf_traits<char>;
using CodePoint = boost::locale::utf::code_point;

bool is_control(CodePoint point) {
  const bool is_line_separator = point == 0x2028 || point == 0x2029;
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || is_line_separator;
}

}  // namespace

std::optional<std::string> problem_of_text(const std::string& text) {
  if (text.size() > kLongestText) {
    return "has " + std::to_string(text.size()) + " bytes, more than " + std::to_string(kLongestText);
  }
  for (auto at = text.begin(); at != text.end();) {
    const std::string byte = std::to_string(at - text.begin());
    const CodePoint point = Utf8::decode(at, text.end());
    if (point == boost::locale::utf::illegal || point == boost::locale::utf::incomplete) {
      return "is not valid UTF-8 at byte " + byte + "; convert it from the program's own encoding";
    }
    if (is_control(point)) return "has a control character at byte " + byte;
  }
  return std::nullopt;
}

}  // namespace dh_advisor
