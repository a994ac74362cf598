#include "run/plan_run.h"

#include <algorithm>
#include <functional>

#include "advice/plan_start.h"
#include "objective/parameterization.h"
#include "run/preparation.h"

namespace rtmodel {

using dh_advisor::StopReason;

/// Watches a solver in one stage: the trace, the progress and, where there is one, the advisor.
class PlanRun::StageWatch final : public StageObserver {
 public:
  StageWatch(PlanRun& run, Evaluator& evaluator, const PlannedStage& stage, StageGuide* guide, bool has_checkpoint)
      : run_(run),
        evaluator_(evaluator),
        stage_(stage),
        guide_(guide),
        index_(run.stage_count()),
        has_checkpoint_(has_checkpoint) {}

  Decision after_iteration(const IterationState& state) override {
    ++run_.iterations_;
    const double spent = run_.counts().call_equivalents;
    const double elapsed_ms = run_.elapsed_ms();
    std::optional<double> reference = run_.reference_objective(evaluator_, state.weights, state.objective);
    const std::optional<double> standing = run_.safeguard_.standing_reference();
    if (reference && standing) reference = std::min(*reference, *standing);
    run_.result_.trace.push_back({spent, state.objective, reference, stage_.histogram_sigma_gy, stage_.level, index_,
                                  state.iteration, elapsed_ms});
    const bool has_gradient = state.gradient.size() > 0;
    const Progress progress{stage_.level,         index_,
                            state.iteration,      stage_.histogram_sigma_gy,
                            state.objective,      has_gradient ? state.gradient.norm() : 0.0,
                            state.step_length,    spent,
                            elapsed_ms,           static_cast<std::size_t>(state.weights.size()),
                            state.weights.data(), has_gradient ? state.gradient.data() : nullptr,
                            state.change.data(),  state.variance_gy2.data()};
    if (!run_.progress_.on_iteration(progress)) {
      run_.is_cancelled_ = true;
      Decision decision;
      decision.stop = StopReason::kCancelled;
      return decision;
    }
    if (has_checkpoint_ && run_.safeguard_.interrupts(state, evaluator_)) {
      is_interrupted_ = true;
      Decision decision;
      decision.stop = StopReason::kSafeguard;
      return decision;
    }
    // Without a gradient there is no question, and the stage is over.
    if (guide_ == nullptr || !has_gradient) return {};
    const Stopwatch watch(run_.calls_.advice_ms);
    Decision decision =
        guide_->after_iteration(state, {run_.calls_.value_calls, run_.calls_.gradient_calls, elapsed_ms});
    if (decision.stop || decision.step) run_.safeguard_.took_other();
    return decision;
  }

  void on_proposed_step(StepFate fate) override {
    has_taken_step_ = has_taken_step_ || fate == StepFate::kTaken;
    guide_->on_proposed_step(fate);
  }

  bool accepts_trial(double f0, double slope0, double f, double slope) override {
    return guide_->accepts_trial(f0, slope0, f, slope);
  }

  void settle() {
    if (guide_ == nullptr) return;
    const Stopwatch watch(run_.calls_.advice_ms);
    guide_->settle();
  }

  bool has_taken_step() const { return has_taken_step_; }
  bool is_interrupted() const { return is_interrupted_; }

 private:
  PlanRun& run_;
  Evaluator& evaluator_;
  const PlannedStage& stage_;
  StageGuide* guide_;
  std::uint32_t index_;
  bool has_checkpoint_;
  bool has_taken_step_ = false;
  bool is_interrupted_ = false;
};

PlanRun::PlanRun(const PlanProblem& problem, const RunOptions& options, ProgressSink& progress, AdviceSource& source)
    : problem_(problem),
      options_(options),
      progress_(progress),
      source_(source),
      ledger_(source),
      parts_(RunParts::of(problem, options)),
      pyramid_(parts_->pyramid()),
      structure_sigmas_gy_(options.structure_sigma_gy),
      safeguard_(*this, options) {
  check_options(options, problem, pyramid_);
  solver_ = parts_->make_solver();
  covariance_ = parts_->make_covariance();
  result_.solver = options.solver;
  result_.fidelity = options.fidelity;
  result_.covariance = covariance_mode(options);
  result_.value_call_share = value_call_share(options);
  result_.quality = quality_of(options);
}

RunResult PlanRun::run() {
  // Made first: the matrix work is the same for every solver and advisor.
  pyramid_.level(0);
  start_ = std::chrono::steady_clock::now();
  start_cpu_ = std::clock();
  const std::vector<PlannedStage> stages = open_plan();
  if (!may_try_start()) {
    descend(stages);
  } else if (!try_start(stages.back())) {
    // All goes on as if it had never been proposed, and as if nothing will be.
    use_ = AdviceUse::kAllButStarts;
    descend(stages);
  } else if (safeguard_.guards_starts()) {
    safeguard_.descend_guarded(stages);
  } else {
    descend(plan_stages_from_start(options_));
  }
  safeguard_.judge(stages);
  finish();
  return std::move(result_);
}

std::vector<PlannedStage> PlanRun::open_plan() {
  const Stopwatch watch(calls_.advice_ms);
  source_.open(plan_start(problem_, pyramid_, options_));
  was_live_ = source_.is_live();
  const GeometryDecision decision = ask_geometry(
      source_, ledger_, {problem_, pyramid_.level(0), options_.geometry, options_.fidelity == Fidelity::kExact});
  if (!decision.structure_sigmas_gy.empty() || !decision.stages.empty()) safeguard_.took_schedule();
  // What was set through the API stays.
  structure_sigmas_gy_.insert(decision.structure_sigmas_gy.begin(), decision.structure_sigmas_gy.end());
  return decision.stages.empty() ? plan_stages(options_) : plan_stages(decision.stages, options_);
}

void PlanRun::descend(const std::vector<PlannedStage>& stages) {
  for (std::size_t i = 0; i < stages.size() && !is_cancelled_ && result_.fault.empty(); ++i) {
    const bool is_last = i + 1 == stages.size();
    // After an accepted stop of the whole plan only its polish is left.
    if (ends_plan_ && (!is_last || !options_.polish)) continue;
    run_stage(stages[i], is_last);
  }
}

bool PlanRun::may_try_start() const {
  // Other starts, such as a flat one, are meant for a schedule's first stage.
  return options_.initial_weights.empty() && source_.is_live() && source_.has_model(dh_advisor::Role::kInitialization);
}

bool PlanRun::try_start(const PlannedStage& stage) {
  const RunCounts before = counts();
  LevelObjective& objective = objective_at(stage.level);
  objective.set_sigma(stage.histogram_sigma_gy, structure_sigmas_gy_);
  objective.set_variance(Eigen::VectorXd::Constant(objective.size(), objective.measuring_variance_gy2()));
  Evaluator evaluator(objective, calls_);
  // Measured by a flat start, whatever the solver's own: nearly anything beats a start near zero.
  Eigen::VectorXd weights = solver_->admit(objective.level(), flat_start(objective.level(), problem_));
  // Variance belongs to the stages that run; here it would only blur the comparison.
  const StartDecision decision = ask_start(weights, evaluator, true, kGoodStartShare);
  if (decision.has_start) {
    weights_ = prepared(weights, stage.level, true);
    weights_level_ = stage.level;
  }
  // For the host and the result a stage without an iteration.
  StageOutcome tried;
  tried.objective = decision.default_objective;
  tried.stop_reason = StopReason::kIterationLimit;
  record(stage, tried, before, false);
  return decision.has_start;
}

StartDecision PlanRun::ask_start(Eigen::VectorXd& weights, Evaluator& evaluator, bool has_variance, double share) {
  const std::function<Eigen::VectorXd(const Eigen::VectorXd&)> admit = [&](const Eigen::VectorXd& proposed) {
    return solver_->admit(evaluator.objective().level(), proposed);
  };
  // Evaluations of starts are the objective's time, the rest is the advisor's.
  const double objective_ms = calls_.objective_ms;
  StartDecision decision;
  {
    const Stopwatch watch(calls_.advice_ms);
    decision =
        rtmodel::ask_start(source_, ledger_, {stage_count(), evaluator, weights, admit, has_variance, share, use_});
  }
  if (decision.has_start) safeguard_.took_start();
  if (decision.has_variance) safeguard_.took_other();
  calls_.advice_ms -= calls_.objective_ms - objective_ms;
  return decision;
}

void PlanRun::run_stage(const PlannedStage& stage, bool is_last, bool goes_on) {
  const RunCounts before = counts();
  LevelObjective& objective = objective_at(stage.level);
  objective.set_sigma(stage.histogram_sigma_gy, structure_sigmas_gy_);
  Evaluator evaluator(objective, calls_);
  const bool is_given = set_variance(evaluator);
  const bool is_first = weights_.size() == 0;
  Eigen::VectorXd weights = solver_->admit(objective.level(), start_at(stage.level));
  if (is_first) weights = prepared(weights, stage.level, is_given_start(stage.level));
  const bool is_classical = ends_plan_;
  const StartDecision decision = ask_start(weights, evaluator, is_given, 1.0);
  Covariance* covariance = covariance_for(objective, is_given || decision.has_variance);
  StageGuide guide(source_, ledger_, objective.level(),
                   {stage.level, stage_count(), std::max(options_.stop_tolerance, stage.tolerance), use_});
  StageWatch watch(*this, evaluator, stage, is_classical || !source_.is_live() ? nullptr : &guide,
                   is_last && safeguard_.is_watching());
  StageOutcome outcome =
      solver_->minimise(evaluator, covariance, {stage.iteration_limit, stage.tolerance, goes_on}, watch, weights);
  watch.settle();
  const bool is_interrupted = watch.is_interrupted() && !outcome.is_converged;
  if (is_interrupted) safeguard_.was_interrupted();
  ends_plan_ = ends_plan_ || guide.ends_plan();
  weights_ = weights;
  weights_level_ = stage.level;
  record(stage, outcome, before, false);
  result_.fault = outcome.fault;
  // A stage that reached its limit on advised steps has not converged on its own. One that was stopped was found to
  // gain no more.
  const bool is_unfinished = watch.has_taken_step() && outcome.stop_reason != StopReason::kAdvice;
  if (is_last && options_.polish && is_unfinished && !outcome.is_converged && !is_cancelled_ && !is_interrupted) {
    run_polish(stage, evaluator, covariance);
  }
}

void PlanRun::run_polish(const PlannedStage& stage, Evaluator& evaluator, Covariance* covariance) {
  const RunCounts before = counts();
  StageWatch watch(*this, evaluator, stage, nullptr, false);
  const StageOutcome outcome =
      solver_->minimise(evaluator, covariance, {options_.max_iterations, stage.tolerance}, watch, weights_);
  record(stage, outcome, before, true);
  result_.fault = outcome.fault;
}

Eigen::VectorXd PlanRun::start_at(std::uint32_t level) {
  if (weights_.size() > 0) return pyramid_.carry_down(weights_, weights_level_, level);
  if (is_given_start(level)) {
    return Eigen::Map<const Eigen::VectorXd>(options_.initial_weights.data(), pyramid_.beamlet_count(0));
  }
  if (options_.start_fraction) {
    return Eigen::VectorXd::Constant(pyramid_.beamlet_count(level), *options_.start_fraction * kWeightCeiling);
  }
  return default_start(options_.solver, pyramid_.level(level), problem_);
}

bool PlanRun::is_given_start(std::uint32_t level) const {
  return weights_.size() == 0 && level == 0 && !options_.initial_weights.empty();
}

Eigen::VectorXd PlanRun::prepared(const Eigen::VectorXd& start, std::uint32_t level, bool is_given) {
  LevelObjective& objective = objective_at(level);
  const Preparation preparation =
      prepare_start(start, preparation_task(options_, is_given), options_.lbfgs, objective, calls_);
  preparation_iterations_ += static_cast<std::uint32_t>(preparation.pairs.size());
  for (const auto& [step, gradient_change] : preparation.pairs) solver_->add_pair(step, gradient_change);
  return solver_->admit(objective.level(), preparation.weights);
}

}  // namespace rtmodel
