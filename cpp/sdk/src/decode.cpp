#include "decode.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "checksum.h"
#include "dh_advisor/gates.h"

namespace dh_advisor {
namespace {

// Rounding of a bound on its way through the host must not refuse a value that sits on it.
constexpr double kBoundSlack = 1e-9;

// The host asks such a plugin no more for the rest of the plan.
constexpr const char* kNotApplicable = "not-applicable";

bool carries_value(pb::Outcome outcome) { return outcome == pb::OUTCOME_APPLIED || outcome == pb::OUTCOME_CLAMPED; }

Part& add_part(const pb::AdviceHeader& header, Role role, bool has_value, const Frame& frame, Parts& parts) {
  Part part;
  part.role = role;
  part.outcome = decode_outcome(header.outcome());
  part.is_declined = header.reason() == kNotApplicable;
  // Older hosts do not say so.
  part.is_final = header.is_final() || part.is_declined;
  part.latency_us = header.latency_us();
  part.out_of_distribution_score = header.out_of_distribution_score();
  part.detail = header.detail();
  part.has_value = has_value && carries_value(header.outcome());
  if (part.has_value && frame.accepts.count(role) == 0) part.verdict = Verdict::kNotAcceptedRole;
  if (part.has_value && header.role() != static_cast<pb::Role>(role)) part.verdict = Verdict::kWrongFrame;
  parts.push_back(part);
  return parts.back();
}

bool is_usable(const Part& part) { return part.has_value && part.verdict == Verdict::kAccepted; }

Verdict decode_vector(const pb::Tensor& tensor, std::size_t n, double lower, double upper,
                      std::vector<double>& values) {
  const bool is_vector = tensor.data_type() == pb::DATA_TYPE_FLOAT64 && tensor.shape_size() == 1 &&
                         tensor.shape(0) == n && tensor.data().size() == n * sizeof(double);
  if (!is_vector) return Verdict::kWrongLength;
  if (tensor.has_crc32c() && tensor.crc32c() != crc32c(tensor.data())) return Verdict::kCorrupt;
  values.resize(n);
  std::memcpy(values.data(), tensor.data().data(), tensor.data().size());
  return check_vector(values, n, lower, upper);
}

std::optional<std::vector<double>> decode_bounded(const pb::Tensor& tensor, const Frame& frame, double lower,
                                                  double upper, Part& part) {
  std::vector<double> values;
  part.verdict = decode_vector(tensor, frame.beamlet_count, lower - kBoundSlack * std::abs(lower),
                               upper + kBoundSlack * std::abs(upper), values);
  if (part.verdict != Verdict::kAccepted) return std::nullopt;
  for (double& value : values) value = value < lower ? lower : value > upper ? upper : value;
  return values;
}

std::optional<std::vector<double>> decode_variance(const pb::AdaptiveVarianceAdvice& advice, const Frame& frame,
                                                   Parts& parts) {
  Part& part = add_part(advice.header(), Role::kAdaptiveVariance, advice.has_variance_gy2(), frame, parts);
  if (!is_usable(part)) return std::nullopt;
  return decode_bounded(advice.variance_gy2(), frame, frame.variance_lower_gy2, frame.variance_upper_gy2, part);
}

std::optional<StopAdvice> decode(const pb::EarlyStoppingAdvice& advice, const Frame& frame, Parts& parts) {
  Part& part =
      add_part(advice.header(), Role::kEarlyStopping, advice.decision() != pb::STOP_DECISION_UNSPECIFIED, frame, parts);
  if (!is_usable(part)) return std::nullopt;
  StopAdvice stop;
  stop.decision = static_cast<StopDecision>(advice.decision());
  stop.explanation = advice.explanation();
  if (advice.has_predicted_final_objective()) stop.predicted_final_objective = advice.predicted_final_objective();
  if (advice.has_predicted_standard_deviation()) {
    stop.predicted_standard_deviation = advice.predicted_standard_deviation();
  }
  const bool is_finite = std::isfinite(stop.predicted_final_objective.value_or(0.0)) &&
                         std::isfinite(stop.predicted_standard_deviation.value_or(0.0));
  if (!is_finite) part.verdict = Verdict::kNotFinite;
  if (stop.predicted_standard_deviation.value_or(0.0) < 0.0) part.verdict = Verdict::kOutOfRange;
  const bool is_known =
      advice.decision() >= pb::STOP_DECISION_CONTINUE && advice.decision() <= pb::STOP_DECISION_STOP_ALL;
  if (!is_known) part.verdict = Verdict::kOutOfRange;
  if (part.verdict != Verdict::kAccepted) return std::nullopt;
  return stop;
}

std::optional<DirectionAdvice> decode(const pb::StepDirectionAdvice& advice, const Frame& frame, Parts& parts) {
  Part& part = add_part(advice.header(), Role::kStepDirection, advice.has_direction(), frame, parts);
  if (!is_usable(part)) return std::nullopt;
  DirectionAdvice direction;
  const double any = std::numeric_limits<double>::max();
  part.verdict = decode_vector(advice.direction(), frame.beamlet_count, -any, any, direction.direction);
  if (advice.space() != pb::DIRECTION_SPACE_WEIGHTS && advice.space() != pb::DIRECTION_SPACE_PARAMETERS) {
    part.verdict = Verdict::kOutOfRange;
  }
  direction.space = static_cast<DirectionSpace>(advice.space());
  if (advice.has_step_length()) {
    direction.step_length = advice.step_length();
    if (!std::isfinite(*direction.step_length)) part.verdict = Verdict::kNotFinite;
    if (*direction.step_length <= 0.0) part.verdict = Verdict::kOutOfRange;
  }
  if (part.verdict != Verdict::kAccepted) return std::nullopt;
  return direction;
}

}  // namespace

GeometryAdvice decode(const pb::GeometryAdvice& answer, const Frame& frame, Parts& parts) {
  GeometryAdvice advice;
  if (answer.has_histogram_sigma()) {
    const pb::HistogramSigmaAdvice& sigma = answer.histogram_sigma();
    Part& part = add_part(sigma.header(), Role::kHistogramSigma, sigma.structures_size() > 0, frame, parts);
    if (is_usable(part)) {
      std::vector<StructureSigma> sigmas;
      for (const pb::StructureSigma& item : sigma.structures()) {
        sigmas.push_back({item.structure(), item.histogram_sigma_gy()});
      }
      part.verdict = check_structure_sigmas(sigmas, static_cast<std::uint32_t>(frame.structure_count),
                                            std::numeric_limits<double>::min(), std::numeric_limits<double>::max());
      if (part.verdict == Verdict::kAccepted) advice.structure_sigmas = std::move(sigmas);
    }
  }
  if (answer.has_pyramid_sigma()) {
    const pb::PyramidSigmaAdvice& pyramid = answer.pyramid_sigma();
    Part& part = add_part(pyramid.header(), Role::kPyramidSigma, pyramid.stages_size() > 0, frame, parts);
    if (is_usable(part)) {
      std::vector<Stage> stages;
      for (const pb::Stage& item : pyramid.stages()) {
        stages.push_back({item.level(), item.histogram_sigma_gy(), item.iteration_limit()});
        if (!std::isfinite(item.histogram_sigma_gy())) part.verdict = Verdict::kNotFinite;
      }
      if (part.verdict == Verdict::kAccepted) advice.stages = std::move(stages);
    }
  }
  return advice;
}

LevelAdvice decode(const pb::LevelAdvice& answer, const Frame& frame, Parts& parts) {
  LevelAdvice advice;
  if (answer.has_initialization()) {
    const pb::InitializationAdvice& start = answer.initialization();
    Part& part = add_part(start.header(), Role::kInitialization, start.has_weights(), frame, parts);
    if (is_usable(part))
      advice.initial_weights = decode_bounded(start.weights(), frame, 0.0, frame.weight_ceiling, part);
  }
  if (answer.has_adaptive_variance()) advice.variance_gy2 = decode_variance(answer.adaptive_variance(), frame, parts);
  return advice;
}

IterationAdvice decode(const pb::IterationAdvice& answer, const Frame& frame, Parts& parts) {
  IterationAdvice advice;
  if (answer.has_early_stopping()) advice.stop = decode(answer.early_stopping(), frame, parts);
  if (answer.has_step_direction()) advice.direction = decode(answer.step_direction(), frame, parts);
  if (answer.has_adaptive_variance()) advice.variance_gy2 = decode_variance(answer.adaptive_variance(), frame, parts);
  return advice;
}

std::optional<Role> decode_role(int wire) {
  const bool is_known = wire >= pb::ROLE_INITIALIZATION && wire <= pb::ROLE_EARLY_STOPPING;
  return is_known ? std::optional(static_cast<Role>(wire)) : std::nullopt;
}

std::optional<TensorKind> decode_kind(int wire) {
  const bool is_known = wire >= pb::TENSOR_KIND_GRADIENT && wire <= pb::TENSOR_KIND_STRUCTURE_MASK;
  return is_known ? std::optional(static_cast<TensorKind>(wire)) : std::nullopt;
}

Outcome decode_outcome(int wire) {
  const bool is_known = wire >= pb::OUTCOME_APPLIED && wire <= pb::OUTCOME_SHADOW;
  return is_known ? static_cast<Outcome>(wire) : Outcome::kUnknown;
}

std::map<TensorKind, Want> decode_wants(const pb::Accepted& accepted) {
  std::map<TensorKind, Want> wants;
  for (const pb::WantedTensor& item : accepted.wanted()) {
    const std::optional<TensorKind> kind = decode_kind(item.kind());
    if (!kind) continue;
    Want& want = wants[*kind];
    want = {item.every_n(), {}, item.roles().empty()};
    for (const int wire : item.roles()) {
      const std::optional<Role> role = decode_role(wire);
      // A role that this library does not know never ends here, so what it wants is sent.
      role ? static_cast<void>(want.roles.insert(*role)) : static_cast<void>(want.is_lasting = true);
    }
  }
  return wants;
}

std::vector<RoleBinding> decode_bindings(const google::protobuf::RepeatedPtrField<pb::RoleBinding>& items) {
  std::vector<RoleBinding> bindings;
  for (const pb::RoleBinding& item : items) {
    const std::optional<Role> role = decode_role(item.role());
    const auto is_same = [role](const RoleBinding& other) { return other.role == *role; };
    if (!role || std::any_of(bindings.begin(), bindings.end(), is_same)) continue;
    RoleBinding binding;
    binding.role = *role;
    binding.plugin = item.plugin();
    binding.plugin_version = item.plugin_version();
    binding.model = item.model();
    binding.model_sha256 = item.model_sha256();
    binding.arm = item.arm();
    binding.deadline_ms = item.deadline_ms();
    binding.declined = item.declined();
    bindings.push_back(std::move(binding));
  }
  return bindings;
}

Provenance decode(const pb::Provenance& in) {
  Provenance out;
  out.host = in.host();
  out.session_id = in.session_id();
  out.configuration_generation = in.configuration_generation();
  out.arm = in.arm();
  out.bindings = decode_bindings(in.bindings());
  // Enums on the wire are open.
  if (in.quality() >= pb::QUALITY_STRICT && in.quality() <= pb::QUALITY_FAST) {
    out.quality = static_cast<Quality>(in.quality());
  }
  out.resumptions = in.resumptions();
  out.answers = in.answers();
  out.journal_sha256 = in.journal_sha256();
  return out;
}

}  // namespace dh_advisor
