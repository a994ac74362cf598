#pragma once

#include <optional>
#include <string>

namespace dh_advisor {

/// Names and keys longer than this are mistakes.
constexpr std::size_t kLongestText = 4096;

/// Why `text` can't travel, such as "is not valid UTF-8 at byte 3"; nothing when it can. Control characters are
/// refused, too: names end up in logs, tables and file names.
std::optional<std::string> problem_of_text(const std::string& text);

}  // namespace dh_advisor
