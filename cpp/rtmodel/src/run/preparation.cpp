#include "run/preparation.h"

#include "solver/bounded_lbfgs.h"

namespace rtmodel {
namespace {

/// Relative change at which nothing is left to prepare.
constexpr double kTolerance = 1e-6;

/// Lets a solver run, and writes down the curvature that its iterations met.
class CurvatureRecorder final : public StageObserver {
 public:
  CurvatureRecorder(Preparation& preparation, Eigen::VectorXd gradient)
      : preparation_(preparation), gradient_(std::move(gradient)) {}

  Decision after_iteration(const IterationState& state) override {
    preparation_.pairs.emplace_back(state.change, state.gradient - gradient_);
    gradient_ = state.gradient;
    return {};
  }
  void on_proposed_step(StepFate) override {}
  bool accepts_trial(double, double, double, double) override { return false; }

 private:
  Preparation& preparation_;
  Eigen::VectorXd gradient_;
};

/// Another measure than F while it lives.
class MeasureScope {
 public:
  MeasureScope(LevelObjective& objective, const Measure& measure) : objective_(objective) {
    objective_.set_measure(measure);
  }
  ~MeasureScope() { objective_.set_measure({}); }
  MeasureScope(const MeasureScope&) = delete;
  MeasureScope& operator=(const MeasureScope&) = delete;

 private:
  LevelObjective& objective_;
};

}  // namespace

Preparation prepare_start(const Eigen::VectorXd& start, const PreparationTask& task, const BoundedLbfgsOptions& options,
                          LevelObjective& objective, CallCounts& calls) {
  Preparation preparation{start, {}};
  if (task.iterations == 0) return preparation;
  const MeasureScope scope(objective, task.measure);
  Evaluator evaluator(objective, calls);
  // Asked for first and remembered by the evaluator, so that the solver's own question costs nothing.
  Eigen::VectorXd gradient;
  evaluator.value_and_gradient(start, gradient);
  CurvatureRecorder recorder(preparation, gradient);
  BoundedLbfgs(options).minimise(evaluator, nullptr, {task.iterations, kTolerance}, recorder, preparation.weights);
  return preparation;
}

}  // namespace rtmodel
