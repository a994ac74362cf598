#include "objective/objective.h"
#include "run/plan_run.h"

namespace rtmodel {

using dh_advisor::SolverKind;

LevelObjective& PlanRun::objective_at(std::uint32_t level) {
  auto& made = objectives_[level];
  if (!made) made = parts_->make_objective(level);
  return *made;
}

bool PlanRun::set_variance(Evaluator& evaluator) {
  const LevelObjective& objective = evaluator.objective();
  const Eigen::VectorXd measuring = Eigen::VectorXd::Constant(objective.size(), objective.measuring_variance_gy2());
  if (result_.covariance == CovarianceMode::kPredicted) {
    const auto given = options_.predicted_variance_gy2.find(objective.level().index);
    const bool is_given = given != options_.predicted_variance_gy2.end();
    evaluator.set_variance(is_given ? Eigen::Map<const Eigen::VectorXd>(given->second.data(), objective.size())
                                    : measuring);
    return is_given;
  }
  if (options_.solver == SolverKind::kLbfgs) evaluator.set_variance(measuring);
  return false;
}

Covariance* PlanRun::covariance_for(const LevelObjective& objective, bool has_variance) {
  if (has_variance || covariance_ == nullptr || options_.solver == SolverKind::kLbfgs) return nullptr;
  covariance_->reset(objective.size(), objective.bounds());
  return covariance_.get();
}

std::optional<double> PlanRun::reference_objective(const Evaluator& evaluator, const Eigen::VectorXd& weights,
                                                   double objective) {
  const LevelObjective& own = evaluator.objective();
  if (is_reference(own)) return objective;
  if (!options_.trace_reference) return std::nullopt;
  const Stopwatch watch(untimed_ms_);
  return reference().value(pyramid_.carry_down(weights, own.level().index, 0));
}

bool PlanRun::is_reference(const LevelObjective& objective) const {
  return parts_->has_reference_objective() && objective.level().index == 0 &&
         objective.sigma_gy() == kLevelSigmaGy[0] && structure_sigmas_gy_.empty() && objective.is_at_minimum();
}

LevelObjective& PlanRun::reference() {
  if (!reference_) {
    reference_ = std::make_unique<Objective>(pyramid_.level(0), problem_.structures, options_.threads);
    reference_->set_variance_to_minimum();
  }
  return *reference_;
}

}  // namespace rtmodel
