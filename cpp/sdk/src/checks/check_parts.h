#pragma once

#include <string>

#include "dh_advisor/checks.h"

namespace dh_advisor {

/// The parts of `check_geometry`: each leaves `result` as it is, or says what failed.
void check_rays(const GeometryCheckInput& input, CheckResult& result);
void check_scale(const GeometryCheckInput& input, const BeamletFeatures& features, CheckResult& result);
void check_sent(const GeometryCheckInput& input, const BeamletFeatures& features, double uniform_weight,
                CheckResult& result);

inline void fail(CheckResult& result, CheckFault fault, std::string field, std::string finding, double ratio = 1.0) {
  result.outcome = CheckOutcome::kFailed;
  result.fault = fault;
  result.field = std::move(field);
  result.finding = std::move(finding);
  result.ratio = ratio;
}

/// Such as "12.3"; four digits are enough for people.
std::string in_words(double value);

/// Such as "100 times (Gy/100 for Gy?)" for a factor that units explain.
std::string factor_in_words(double factor);

}  // namespace dh_advisor
