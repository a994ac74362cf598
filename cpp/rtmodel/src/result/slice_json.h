#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "case/case.h"
#include "plan/build_problem.h"

namespace rtmodel {

/// The isocentre slice for pictures: dose (null where none was planned), CT and planned structures, rows of x along y.
nlohmann::json slice_json(const Case& value, const BuiltPlan& plan, const std::vector<double>& dose_gy);

}  // namespace rtmodel
