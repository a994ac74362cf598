#pragma once

#include <filesystem>

#include "case/case.h"

namespace rtmodel {

/// Writes a case folder as `read_case` reads it, making the folder when needed. Throws InputError when it can't.
void write_case(const std::filesystem::path& folder, const Case& value);

}  // namespace rtmodel
