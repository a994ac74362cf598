#include "advice/start_guide.h"

#include "advice/features.h"
#include "dh_advisor/gates.h"
#include "objective/parameterization.h"

namespace rtmodel {

using dh_advisor::Role;
using dh_advisor::TensorKind;
using dh_advisor::Verdict;

namespace {

using Tensors = std::vector<dh_advisor::TensorView>;

Eigen::VectorXd as_vector(const std::vector<double>& values) {
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

void add_vector(Tensors& tensors, TensorKind kind, const Eigen::VectorXd& vector) {
  tensors.push_back({kind, vector.data(), {static_cast<std::uint32_t>(vector.size())}});
}

void add_table(Tensors& tensors, TensorKind kind, const std::vector<double>& table, std::uint32_t rows) {
  tensors.push_back({kind, table.data(), {rows, static_cast<std::uint32_t>(table.size()) / rows}});
}

GeometryDecision judge(const dh_advisor::GeometryAdvice& advice, AdviceLedger& ledger, const GeometryQuestion& about) {
  GeometryDecision decision;
  if (advice.structure_sigmas) {
    ledger.receive(Role::kHistogramSigma);
    Verdict verdict = dh_advisor::check_structure_sigmas(*advice.structure_sigmas,
                                                         static_cast<std::uint32_t>(about.problem.structures.size()),
                                                         kLowestStructureSigmaGy, kHighestStructureSigmaGy);
    if (!about.takes_structure_sigmas) verdict = Verdict::kSwitchedOff;
    if (verdict == Verdict::kAccepted) {
      for (const auto& sigma : *advice.structure_sigmas) {
        decision.structure_sigmas_gy[sigma.structure] = sigma.histogram_sigma_gy;
      }
    }
    ledger.judge(Role::kHistogramSigma, verdict, 0);
  }
  if (advice.stages) {
    ledger.receive(Role::kPyramidSigma);
    const Verdict verdict =
        dh_advisor::check_stages(*advice.stages, kLevelCount, kLevelSigmaGy[0], kLevelSigmaGy[0], kHighestStageSigmaGy);
    if (verdict == Verdict::kAccepted) decision.stages = *advice.stages;
    ledger.judge(Role::kPyramidSigma, verdict, 0);
  }
  return decision;
}

dh_advisor::LevelStart level_start(const AdviceSource& source, const StageStart& start) {
  const LevelObjective& objective = start.evaluator.objective();
  dh_advisor::LevelStart question;
  question.level = objective.level().index;
  question.stage = start.stage;
  question.beamlet_count = static_cast<std::uint32_t>(objective.size());
  question.histogram_sigma_gy = objective.sigma_gy();
  question.variance_lower_gy2 = objective.bounds().lower_gy2;
  question.variance_upper_gy2 = objective.bounds().upper_gy2;
  if (source.wants(TensorKind::kWeights)) add_vector(question.tensors, TensorKind::kWeights, start.weights);
  if (source.wants(TensorKind::kVariance)) {
    add_vector(question.tensors, TensorKind::kVariance, objective.variance_gy2());
  }
  if (source.wants(TensorKind::kColumnNorm)) {
    add_vector(question.tensors, TensorKind::kColumnNorm, objective.level().column_norms);
  }
  return question;
}

}  // namespace

GeometryDecision ask_geometry(AdviceSource& source, AdviceLedger& ledger, const GeometryQuestion& about) {
  if (!source.is_live()) return {};
  const PlanProblem& problem = about.problem;
  const Level& finest = about.finest;
  const GeometryOffer& offer = about.offer;
  for (const auto& volume : offer.volumes) {
    if (source.wants(volume.kind)) source.send_volume(volume);
  }
  const auto beamlets = static_cast<std::uint32_t>(finest.beamlet_count());
  dh_advisor::Geometry question;
  for (const PlannedStructure& structure : problem.structures) question.structures.push_back(structure.geometry);
  for (std::uint32_t s = 0; s < question.structures.size(); ++s) question.structures[s].structure = s;
  dh_advisor::BeamletFeatures features;
  std::vector<double> path_density;
  if (source.wants(TensorKind::kStructureMeanDose) || source.wants(TensorKind::kStructureMaxDose)) {
    features = beamlet_features(problem);
  }
  if (source.wants(TensorKind::kColumnNorm)) {
    add_vector(question.tensors, TensorKind::kColumnNorm, finest.column_norms);
  }
  if (source.wants(TensorKind::kStructureMeanDose)) {
    add_table(question.tensors, TensorKind::kStructureMeanDose, features.mean_dose, beamlets);
  }
  if (source.wants(TensorKind::kStructureMaxDose)) {
    add_table(question.tensors, TensorKind::kStructureMaxDose, features.max_dose, beamlets);
  }
  if (offer.path_density && source.wants(TensorKind::kPathDensity)) {
    path_density = offer.path_density();
    add_table(question.tensors, TensorKind::kPathDensity, path_density, beamlets);
  }
  return judge(source.ask_geometry(question), ledger, about);
}

StartDecision ask_start(AdviceSource& source, AdviceLedger& ledger, const StageStart& start) {
  StartDecision decision;
  if (!source.resume()) return decision;
  Evaluator& evaluator = start.evaluator;
  const auto n = static_cast<std::size_t>(start.weights.size());
  const std::uint32_t level = evaluator.objective().level().index;
  dh_advisor::LevelStart question = level_start(source, start);
  Eigen::VectorXd gradient;
  // A new variance would void the gradient, and starts that are only compared need none: only values are paid for.
  const bool takes_variance = !start.has_variance && start.use != AdviceUse::kNothing;
  const bool expects_variance = takes_variance && source.is_served(Role::kAdaptiveVariance);
  const bool is_comparison = start.share < 1.0;
  question.objective = expects_variance || is_comparison ? evaluator.value(start.weights)
                                                         : evaluator.value_and_gradient(start.weights, gradient);
  decision.default_objective = question.objective;
  const dh_advisor::LevelAdvice advice = source.ask_level(question);
  if (advice.variance_gy2) {
    ledger.receive(Role::kAdaptiveVariance);
    const VarianceBounds bounds = evaluator.objective().bounds();
    Verdict verdict = dh_advisor::check_vector(*advice.variance_gy2, n, bounds.lower_gy2, bounds.upper_gy2);
    if (verdict == Verdict::kAccepted && !takes_variance) verdict = Verdict::kSwitchedOff;
    if (verdict == Verdict::kAccepted) {
      evaluator.set_variance(as_vector(*advice.variance_gy2));
      decision.has_variance = true;
    }
    ledger.judge(Role::kAdaptiveVariance, verdict, level);
  }
  if (advice.initial_weights) {
    ledger.receive(Role::kInitialization);
    Verdict verdict = dh_advisor::check_vector(*advice.initial_weights, n, 0.0, kWeightCeiling);
    if (start.use != AdviceUse::kAll) {
      verdict = Verdict::kSwitchedOff;
    } else if (verdict == Verdict::kAccepted) {
      const Eigen::VectorXd proposed = start.admit(as_vector(*advice.initial_weights));
      double default_objective = question.objective;
      if (!is_comparison) default_objective = evaluator.value_and_gradient(start.weights, gradient);
      if (is_comparison && decision.has_variance) default_objective = evaluator.value(start.weights);
      const double proposed_objective =
          is_comparison ? evaluator.value(proposed) : evaluator.value_and_gradient(proposed, gradient);
      verdict = dh_advisor::choose_start(start.share * default_objective, proposed_objective);
      decision.has_start = verdict == Verdict::kAccepted;
      if (decision.has_start) start.weights = proposed;
    }
    ledger.judge(Role::kInitialization, verdict, level);
  }
  return decision;
}

}  // namespace rtmodel
