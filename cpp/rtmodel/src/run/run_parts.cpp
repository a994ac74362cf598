#include "run/run_parts.h"

#include "objective/objective.h"
#include "run/schedule.h"
#include "shipped/covariance.h"
#include "shipped/objective.h"
#include "shipped/shipped_solver.h"
#include "shipped/voxel_pyramid.h"
#include "solver/bounded_lbfgs.h"
#include "solver/conjugate_gradient.h"

namespace rtmodel {
namespace {

class ExactParts final : public RunParts {
 public:
  ExactParts(const PlanProblem& problem, const RunOptions& options)
      : problem_(problem), options_(options), pyramid_(problem) {}

  Pyramid& pyramid() override { return pyramid_; }

  std::unique_ptr<LevelObjective> make_objective(std::uint32_t level) override {
    return std::make_unique<Objective>(pyramid_.level(level), problem_.structures, options_.threads);
  }

  std::unique_ptr<StageSolver> make_solver() override {
    if (options_.solver == dh_advisor::SolverKind::kDh) return std::make_unique<ConjugateGradient>();
    return std::make_unique<BoundedLbfgs>(options_.lbfgs);
  }

  std::unique_ptr<Covariance> make_covariance() override {
    const CovarianceMode mode = covariance_mode(options_);
    if (mode == CovarianceMode::kFull) return std::make_unique<FullCovariance>();
    if (mode == CovarianceMode::kIncremental) return std::make_unique<IncrementalCovariance>();
    return nullptr;
  }

  bool has_reference_objective() const override { return true; }

 private:
  const PlanProblem& problem_;
  const RunOptions& options_;
  Pyramid pyramid_;
};

class ShippedParts final : public RunParts {
 public:
  ShippedParts(const PlanProblem& problem, const RunOptions& options)
      : problem_(problem), options_(options), pyramid_(problem) {}

  Pyramid& pyramid() override { return pyramid_; }

  std::unique_ptr<LevelObjective> make_objective(std::uint32_t level) override {
    return std::make_unique<ShippedObjective>(pyramid_.level(level), problem_.structures, pyramid_.regions(level));
  }

  std::unique_ptr<StageSolver> make_solver() override {
    return std::make_unique<ShippedSolver>(pyramid_, options_.limits_to_beamlets);
  }

  std::unique_ptr<Covariance> make_covariance() override {
    if (covariance_mode(options_) == CovarianceMode::kFull) return std::make_unique<ShippedCovariance>();
    return nullptr;
  }

  bool has_reference_objective() const override { return false; }

 private:
  const PlanProblem& problem_;
  const RunOptions& options_;
  ShippedPyramid pyramid_;
};

}  // namespace

std::unique_ptr<RunParts> RunParts::of(const PlanProblem& problem, const RunOptions& options) {
  check_fidelity(options);
  if (options.fidelity == Fidelity::kShipped) return std::make_unique<ShippedParts>(problem, options);
  return std::make_unique<ExactParts>(problem, options);
}

}  // namespace rtmodel
