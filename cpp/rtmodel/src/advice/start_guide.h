#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "advice/advice_use.h"
#include "advice/ledger.h"
#include "objective/evaluator.h"

namespace rtmodel {

/// Bounds of histogram sigmas that an advisor may ask for, Gy.
constexpr double kLowestStructureSigmaGy = 0.5;
constexpr double kHighestStructureSigmaGy = 40.0;
constexpr double kHighestStageSigmaGy = 60.0;

/// Accepted advice on the geometry.
struct GeometryDecision {
  StructureSigmas structure_sigmas_gy;
  std::vector<dh_advisor::Stage> stages;  ///< Empty: the solver's own.
};

/// What is asked about before the first stage.
struct GeometryQuestion {
  const PlanProblem& problem;
  const Level& finest;
  const GeometryOffer& offer;
  /// False: the optimizer has no sigma of one structure, and refuses advice on it unseen.
  bool takes_structure_sigmas = true;
};

/// Asks once, after the plan was introduced. Features are made only if the host wants them.
GeometryDecision ask_geometry(AdviceSource& source, AdviceLedger& ledger, const GeometryQuestion& about);

/// A stage about to start.
struct StageStart {
  std::uint32_t stage = 0;
  Evaluator& evaluator;
  /// The start without advice, inside the solver's bounds; replaced by a better one.
  Eigen::VectorXd& weights;
  /// Bounds of a start and how it is brought inside them.
  const std::function<Eigen::VectorXd(const Eigen::VectorXd&)>& admit;
  /// The variance was set through the API, so that advice on it is refused.
  bool has_variance = false;
  /// A proposed start is taken when its objective is below this share of the default start's.
  double share = 1.0;
  AdviceUse use = AdviceUse::kAll;
};

struct StartDecision {
  double default_objective = 0.0;
  bool has_start = false;     ///< The proposed start was taken.
  bool has_variance = false;  ///< Advised variance is in force and stays until the stage ends.
};

/// Asks at the start of a stage. Both starts are evaluated once and charged; the better is taken, a tie goes to the
/// default. What may not be used is refused unseen.
StartDecision ask_start(AdviceSource& source, AdviceLedger& ledger, const StageStart& start);

}  // namespace rtmodel
