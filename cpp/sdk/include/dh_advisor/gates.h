#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "dh_advisor/advice.h"
#include "dh_advisor/export.h"

/// The gates between advice and optimizer: real checks, on in release builds. Advice is only ever tried.
/// All pure or with state of one level; not thread-safe, and without I/O. No function throws.
namespace dh_advisor {

/// Finite, of length `n`, inside [lower, upper].
DH_ADVISOR_API Verdict check_vector(const std::vector<double>& values, std::size_t n, double lower, double upper);

/// Stages that a schedule may have: each costs the plan at least one iteration.
constexpr std::size_t kMostStages = 64;

/// A schedule has 1 to `kMostStages` stages, levels and sigmas never rise, sigmas lie in [lower_gy, upper_gy], levels
/// exist (below `level_count`), and the last stage is level 0 at `finest_sigma_gy` without an iteration limit.
DH_ADVISOR_API Verdict check_stages(const std::vector<Stage>& stages, std::uint32_t level_count, double finest_sigma_gy,
                                    double lower_gy, double upper_gy);

/// Every structure index below `structure_count`, named once, sigma finite and in [lower_gy, upper_gy].
DH_ADVISOR_API Verdict check_structure_sigmas(const std::vector<StructureSigma>& sigmas, std::uint32_t structure_count,
                                              double lower_gy, double upper_gy);

/// Both starts evaluated once on the level's objective: the better is taken, a tie goes to the default.
DH_ADVISOR_API Verdict choose_start(double default_objective, double proposed_objective);

struct DirectionLimits {
  double descent = 1e-4;  ///< g.d <= -descent |g| |d|.
  /// Longest direction, alone and times its step length, in the solver's variables; what is longer is scaled down.
  double norm_limit = 20.0;
  int refusals_to_off = 3;  ///< Refusals after which a level asks no more.
};

/// Judges the directions of one level.
class DH_ADVISOR_API DirectionGate {
 public:
  explicit DirectionGate(DirectionLimits limits = {}) : limits_(limits) {}

  /// `direction` and `gradient` in the same variables, both of length n. A direction longer than the limit is scaled in
  /// place and passes; an invalid one is refused and counted.
  Verdict consider(std::vector<double>& direction, const double* gradient, std::size_t n);

  /// The same for a direction with its step length: one that is not positive and finite is refused as kOutOfRange and
  /// counted, and one that would make the step longer than the limit is shortened in place.
  Verdict consider(DirectionAdvice& advice, const double* gradient, std::size_t n);

  /// Armijo and (weak) curvature condition for a trial along an accepted direction. `slope0` and `slope` are
  /// directional derivatives at the start and the trial. A failing trial is not counted as a refusal of the direction.
  static Verdict judge_trial(double f0, double slope0, double f, double slope, double step);

  /// The optimizer's ordinary line search failed along the advised direction, too: counts as a refusal.
  void note_failure() { ++refusals_; }

  bool is_off() const { return refusals_ >= limits_.refusals_to_off; }

 private:
  DirectionLimits limits_;
  int refusals_ = 0;
};

struct StopLimits {
  std::uint32_t iteration_floor = 5;  ///< No stop before so many iterations of the stage.
  int checking_iterations = 3;        ///< Classical iterations that must gain less than the tolerance.
};

/// Judges stop advice in one stage: after the advice, up to `checking_iterations` classical iterations must each gain
/// less than the tolerance, else the advice is refused and the run goes on.
class DH_ADVISOR_API StopGate {
 public:
  explicit StopGate(StopLimits limits = {}) : limits_(limits) {}

  enum class Action { kContinue, kCheck, kStop };

  struct Judgement {
    Action action = Action::kContinue;
    StopDecision granted = StopDecision::kContinue;  ///< Set with kStop.
    std::optional<Verdict> verdict;  ///< Set when one was reached: accepted, too early, still improving.
  };

  /// Call after every iteration. `advice` may be null; a decision that does not exist is refused as kOutOfRange.
  /// `relative_gain` is that of the iteration just done; `tolerance` the largest gain at which stopping is
  /// harmless.
  Judgement consider(const StopAdvice* advice, std::uint32_t iteration, double relative_gain, double tolerance);

  /// An earlier advice is being checked, so that the next call's changes nothing. So an optimizer may compute an
  /// iteration while the answer to the one before is on its way, and stops where it would have stopped: give that
  /// answer, with its own iteration and gain, before the next iteration's turn, and where this says true null at once.
  bool is_checking() const { return pending_ != StopDecision::kContinue; }

 private:
  StopLimits limits_;
  int checks_left_ = 0;
  StopDecision pending_ = StopDecision::kContinue;
};

}  // namespace dh_advisor
