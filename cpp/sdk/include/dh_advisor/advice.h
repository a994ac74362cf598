#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dh_advisor/export.h"
#include "dh_advisor/plan.h"

/// What the host answers. An absent optional is "no advice", which is always a valid answer.
namespace dh_advisor {

/// What became of a question inside the host. Only kApplied and kClamped come with a value.
enum class Outcome : int {
  kUnknown = 0,  ///< One that this library does not know, such as a newer host's; comes without a value.
  kApplied = 1,
  kClamped = 2,
  kRejected = 3,
  kDefault = 4,
  kTimeout = 5,
  kFailed = 6,
  kOutOfDistribution = 7,
  kDisabled = 8,
  kShadow = 9,
};

/// What the optimizer did with a piece of advice.
enum class Verdict : int {
  kAccepted = 1,
  kWrongFrame = 2,
  kWrongLength = 3,
  kNotFinite = 4,
  kOutOfRange = 5,
  kLate = 6,
  kDuplicate = 7,
  kWorseThanDefault = 8,
  kNotDescent = 9,
  kStepNotAcceptable = 10,
  kSwitchedOff = 11,
  kTooEarly = 12,
  kStillImproving = 13,
  kShadow = 14,
  kNotAcceptedRole = 15,
  kBadSchedule = 16,
  kCorrupt = 17,  ///< Bytes of its vector were changed on the way.
};

/// Stable lower-case names, such as `not-descent`. Thread-safe.
DH_ADVISOR_API const char* name_of(Outcome outcome);
DH_ADVISOR_API const char* name_of(Verdict verdict);

struct AdviceHeader {
  Role role = Role::kInitialization;
  Outcome outcome = Outcome::kDefault;
  std::string reason;
  std::uint32_t latency_us = 0;
  float out_of_distribution_score = 0.0F;
};

struct StructureSigma {
  std::uint32_t structure = 0;
  double histogram_sigma_gy = 0.0;
};

/// One stage of a schedule; `iteration_limit` 0 = the solver's own.
struct Stage {
  std::uint32_t level = 0;
  double histogram_sigma_gy = 0.0;
  std::uint32_t iteration_limit = 0;
};

struct GeometryAdvice {
  std::optional<std::vector<StructureSigma>> structure_sigmas;
  std::optional<std::vector<Stage>> stages;
};

struct LevelAdvice {
  std::optional<std::vector<double>> initial_weights;
  std::optional<std::vector<double>> variance_gy2;
};

enum class StopDecision : int { kContinue = 1, kStopLevel = 2, kStopAll = 3 };

struct StopAdvice {
  StopDecision decision = StopDecision::kContinue;
  std::string explanation;
  std::optional<double> predicted_final_objective;
  std::optional<double> predicted_standard_deviation;
};

enum class DirectionSpace : int { kWeights = 1, kParameters = 2 };

struct DirectionAdvice {
  DirectionSpace space = DirectionSpace::kWeights;
  std::vector<double> direction;
  std::optional<double> step_length;  ///< Multiplier of `direction` to try first.
};

struct IterationAdvice {
  std::optional<StopAdvice> stop;
  std::optional<DirectionAdvice> direction;
  std::optional<std::vector<double>> variance_gy2;
};

/// Who serves a role in this session; pinned when it opens. `plugin` is empty when the role is off.
struct RoleBinding {
  Role role = Role::kInitialization;
  std::string plugin;
  std::string plugin_version;
  std::string model;
  std::string model_sha256;
  std::string arm;
  std::uint32_t deadline_ms = 0;
  std::string declined;  ///< In words, why the plugin has nothing for this plan; empty while it may have.
};

}  // namespace dh_advisor
