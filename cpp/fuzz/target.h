#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// One part that reads what others send: must neither crash nor hang nor read beyond, whatever the bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// Inputs that the part reads well, for a run without a corpus to begin with.
std::vector<std::string> seeds();
