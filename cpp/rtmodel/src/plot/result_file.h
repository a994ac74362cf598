#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace rtmodel {

/// Plans of a million beamlets stay below.
inline constexpr std::size_t kMostResultBytes = std::size_t{512} << 20;

/// Reads a result file. Throws InputError when it is not one.
nlohmann::json read_result(const std::filesystem::path& file);

/// The weights of a result file. Throws InputError when there are none.
std::vector<double> final_weights_of(const std::filesystem::path& file);

}  // namespace rtmodel
