#include <cmath>
#include <cstdio>

#include "checks/check_parts.h"

namespace dh_advisor {
namespace {

struct Unit {
  double factor;
  const char* hint;
};

const Unit kUnits[] = {{100.0, "cGy, or Gy/100 taken the wrong way round"},       {0.01, "Gy/100 in place of Gy"},
                       {1e4, "a square of Gy/100 taken the wrong way round"},     {1e-4, "a square of Gy/100"},
                       {10.0, "per cm in place of per mm, or mm in place of cm"}, {0.1, "cm in place of mm"}};

}  // namespace

const char* name_of(CheckFault fault) {
  switch (fault) {
    case CheckFault::kNone:
      return "none";
    case CheckFault::kSign:
      return "sign";
    case CheckFault::kSpace:
      return "space";
    case CheckFault::kUnit:
      return "unit";
    case CheckFault::kNotTheGradient:
      return "not-the-gradient";
    case CheckFault::kBeamletOrder:
      return "beamlet-order";
    case CheckFault::kGantry:
      return "gantry";
    case CheckFault::kPitch:
      return "pitch";
    case CheckFault::kIsocenter:
      return "isocenter";
    case CheckFault::kDoseScale:
      return "dose-scale";
    case CheckFault::kFeature:
      return "feature";
  }
  return "unknown";
}

std::string in_words(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string factor_in_words(double factor) {
  std::string words = in_words(factor) + " times";
  for (const Unit& unit : kUnits)
    if (std::fabs(std::log(factor / unit.factor)) < 0.3) words += std::string(" (") + unit.hint + "?)";
  return words;
}

SelfCheck self_check_of(const CheckResult& result) { return {result.outcome, result.field, result.finding}; }

}  // namespace dh_advisor
