#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace rtmodel {

/// A result as one HTML file for people, with everything in it: figures, pictures, what advice did and where it came
/// from, beside the plan without advice where that was made. Needs no network and prints on paper. `problem` gets why
/// pictures are missing, such as without gnuplot; the report says so, too. Throws InputError when the result lacks what
/// is to be told.
std::string html_report(const nlohmann::json& result, std::string& problem, const std::string& gnuplot = "gnuplot");

}  // namespace rtmodel
