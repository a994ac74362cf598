#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace rtmodel {

/// A picture as gnuplot data and script; the script reads `NAME.dat` and writes `NAME.png` in its folder.
struct Chart {
  std::string name, data, script;
};

/// All structures of all results over one another: colours for structures, dashes for results.
Chart dvh_chart(const std::vector<nlohmann::json>& results);

/// Objective over call-equivalents: the reference objective where it is known, since only that compares between runs,
/// and each run's own.
Chart convergence_chart(const std::vector<nlohmann::json>& results);

/// The slice of one result, number `index` of those drawn: CT in grey, dose over it, contours as lines; anterior up and
/// the patient's right on the left, as slices are read.
Chart dose_chart(const nlohmann::json& result, std::size_t index);

std::string label_of(const nlohmann::json& result, std::size_t index);

/// The colour of the i-th structure or result, as a quoted gnuplot colour.
std::string colour(std::size_t i);

/// First lines of every script; `size` in pixels, such as `1100,700`.
std::string script_head(const std::string& name, const std::string& size, const std::string& title);

}  // namespace rtmodel
