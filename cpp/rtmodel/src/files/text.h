#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rtmodel {

/// Offset of the first byte that is not UTF-8; empty when all of it is. Thread-safe.
std::optional<std::size_t> first_bad_utf8(std::string_view text);

/// Why a text can't be a name (of a structure, case, plan or label): not UTF-8, or with control characters such as line
/// breaks, which would break tables, data files and logs. Empty when it can. Thread-safe.
std::string fault_of_name(std::string_view text);

/// Line of a byte, counted from 1. Thread-safe.
std::size_t line_of(std::string_view text, std::size_t offset);

/// The text for messages: bytes that are not UTF-8 and control characters as `\xNN`, cut after 200 bytes. Thread-safe.
std::string quotable(std::string_view text);

}  // namespace rtmodel
