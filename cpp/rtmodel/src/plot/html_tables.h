#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

/// Parts of a report, each whole HTML. They throw nlohmann's exceptions when a result lacks what they tell.
namespace rtmodel {

/// Text as it stands in HTML, also inside quotes.
std::string escaped(const std::string& text);

/// What was made, at what cost, and how it compares with the plan without advice.
std::string plan_table(const nlohmann::json& result);
/// Figures of merit by structure, with those of the plan without advice below each.
std::string dose_table(const nlohmann::json& result);
std::string stages_table(const nlohmann::json& result);
/// What each role said and what became of it, and where the advice came from.
std::string advice_tables(const nlohmann::json& result);

}  // namespace rtmodel
