#include "dh_advisor/advice.h"
#include "dh_advisor/plan.h"
#include "dh_advisor/status.h"

namespace dh_advisor {

const char* name_of(StatusCode code) {
  switch (code) {
    case StatusCode::kOk:
      return "ok";
    case StatusCode::kInvalidInput:
      return "invalid-input";
    case StatusCode::kUnreachable:
      return "unreachable";
    case StatusCode::kRefused:
      return "refused";
    case StatusCode::kClosed:
      return "closed";
    case StatusCode::kDeadlineExceeded:
      return "deadline-exceeded";
    case StatusCode::kSwitchedOff:
      return "switched-off";
    case StatusCode::kProtocolError:
      return "protocol-error";
    case StatusCode::kFault:
      return "fault";
  }
  return "unknown";
}

const char* name_of(Role role) {
  switch (role) {
    case Role::kInitialization:
      return "initialization";
    case Role::kHistogramSigma:
      return "histogram-sigma";
    case Role::kPyramidSigma:
      return "pyramid-sigma";
    case Role::kAdaptiveVariance:
      return "adaptive-variance";
    case Role::kStepDirection:
      return "step-direction";
    case Role::kEarlyStopping:
      return "early-stopping";
  }
  return "unknown";
}

const char* name_of(StopReason reason) {
  switch (reason) {
    case StopReason::kTolerance:
      return "tolerance";
    case StopReason::kIterationLimit:
      return "iteration-limit";
    case StopReason::kAdvice:
      return "advice";
    case StopReason::kZeroGradient:
      return "zero-gradient";
    case StopReason::kLineSearch:
      return "line-search";
    case StopReason::kCancelled:
      return "cancelled";
    case StopReason::kSafeguard:
      return "safeguard";
  }
  return "unknown";
}

const char* name_of(Quality quality) {
  switch (quality) {
    case Quality::kStrict:
      return "strict";
    case Quality::kBalanced:
      return "balanced";
    case Quality::kFast:
      return "fast";
  }
  return "unknown";
}

const char* name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kUnknown:
      return "unknown";
    case Outcome::kApplied:
      return "applied";
    case Outcome::kClamped:
      return "clamped";
    case Outcome::kRejected:
      return "rejected";
    case Outcome::kDefault:
      return "default";
    case Outcome::kTimeout:
      return "timeout";
    case Outcome::kFailed:
      return "failed";
    case Outcome::kOutOfDistribution:
      return "out-of-distribution";
    case Outcome::kDisabled:
      return "disabled";
    case Outcome::kShadow:
      return "shadow";
  }
  return "unknown";
}

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAccepted:
      return "accepted";
    case Verdict::kWrongFrame:
      return "wrong-frame";
    case Verdict::kWrongLength:
      return "wrong-length";
    case Verdict::kNotFinite:
      return "not-finite";
    case Verdict::kOutOfRange:
      return "out-of-range";
    case Verdict::kLate:
      return "late";
    case Verdict::kDuplicate:
      return "duplicate";
    case Verdict::kWorseThanDefault:
      return "worse-than-default";
    case Verdict::kNotDescent:
      return "not-descent";
    case Verdict::kStepNotAcceptable:
      return "step-not-acceptable";
    case Verdict::kSwitchedOff:
      return "switched-off";
    case Verdict::kTooEarly:
      return "too-early";
    case Verdict::kStillImproving:
      return "still-improving";
    case Verdict::kShadow:
      return "shadow";
    case Verdict::kNotAcceptedRole:
      return "not-accepted-role";
    case Verdict::kBadSchedule:
      return "bad-schedule";
    case Verdict::kCorrupt:
      return "corrupt";
  }
  return "unknown";
}

}  // namespace dh_advisor
