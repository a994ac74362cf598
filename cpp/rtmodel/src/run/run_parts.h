#pragma once

#include <memory>

#include "covariance/covariance.h"
#include "objective/level_objective.h"
#include "pyramid/pyramid.h"
#include "run/run.h"
#include "solver/stage_solver.h"

namespace rtmodel {

/// What a run is made of. One kind for each fidelity: nothing else in `run` asks for the fidelity to compute anything.
class RunParts {
 public:
  /// `problem` must outlive the parts. Throws std::invalid_argument.
  static std::unique_ptr<RunParts> of(const PlanProblem& problem, const RunOptions& options);
  virtual ~RunParts() = default;

  virtual Pyramid& pyramid() = 0;
  virtual std::unique_ptr<LevelObjective> make_objective(std::uint32_t level) = 0;
  virtual std::unique_ptr<StageSolver> make_solver() = 0;
  /// Null where the variance is not made from directions.
  virtual std::unique_ptr<Covariance> make_covariance() = 0;
  /// Whether F of `make_objective` at the finest level, with default sigma and least variance, is F_ref.
  virtual bool has_reference_objective() const = 0;
};

}  // namespace rtmodel
