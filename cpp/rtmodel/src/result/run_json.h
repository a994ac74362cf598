#pragma once

#include <nlohmann/json_fwd.hpp>

#include "run/run.h"

namespace rtmodel {

nlohmann::json counts_json(const RunCounts& counts);
nlohmann::json stages_json(const RunResult& run);
/// Columns of equal length, so that a trace of a thousand points stays readable and small.
nlohmann::json trace_json(const RunResult& run);
/// Null where no safeguard ran.
nlohmann::json safeguard_json(const RunResult& run);
nlohmann::json advice_json(const AdviceResult& advice);

}  // namespace rtmodel
