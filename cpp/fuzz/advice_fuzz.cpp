// An answer of a host: decoded against a frame, and what is well-formed goes through the gates.
#include <array>

#include "decode.h"
#include "dh_advisor/gates.h"
#include "protobuf_log.h"
#include "question.h"
#include "target.h"

namespace {

namespace pb = dh_advisor::pb;

constexpr std::size_t kBeamlets = 4;

dh_advisor::Frame frame() {
  dh_advisor::Frame made;
  made.beamlet_count = kBeamlets;
  made.structure_count = 2;
  made.weight_ceiling = 0.2;
  made.variance_lower_gy2 = 1.0;
  made.variance_upper_gy2 = 9.0;
  for (int role = 1; role <= 6; ++role) made.accepts.insert(static_cast<dh_advisor::Role>(role));
  return made;
}

void expect(bool is_true) {
  if (!is_true) __builtin_trap();
}

void pass_gates(dh_advisor::IterationAdvice& advice) {
  const std::array<double, kBeamlets> gradient{1.0, -1.0, 0.5, 0.0};
  if (advice.direction) {
    expect(advice.direction->direction.size() == kBeamlets);
    dh_advisor::DirectionGate gate;
    gate.consider(*advice.direction, gradient.data(), gradient.size());
  }
  dh_advisor::StopGate gate;
  for (std::uint32_t k = 0; k < 12; ++k) gate.consider(advice.stop ? &*advice.stop : nullptr, k, 0.1, 0.01);
}

void set_vector(pb::Tensor& tensor) {
  const std::array<double, kBeamlets> values{0.1, 0.05, 0.0, 0.2};
  tensor.set_data_type(pb::DATA_TYPE_FLOAT64);
  tensor.add_shape(kBeamlets);
  tensor.set_data(values.data(), sizeof values);
}

template <typename Advice>
Advice& headed(Advice& advice, pb::Role role) {
  advice.mutable_header()->set_role(role);
  advice.mutable_header()->set_outcome(pb::OUTCOME_APPLIED);
  return advice;
}

}  // namespace

std::vector<std::string> seeds() {
  std::vector<std::string> made;
  pb::AdvisorEvent accepted;
  accepted.mutable_accepted()->set_session_id("session");
  accepted.mutable_accepted()->set_resume_token("token");
  accepted.mutable_accepted()->add_bindings()->set_plugin("plateau");
  accepted.mutable_accepted()->add_wanted()->set_kind(pb::TENSOR_KIND_GRADIENT);
  made.push_back(accepted.SerializeAsString());
  pb::AdvisorEvent geometry;
  auto& pyramid = headed(*geometry.mutable_geometry()->mutable_pyramid_sigma(), pb::ROLE_PYRAMID_SIGMA);
  pyramid.add_stages()->set_histogram_sigma_gy(2.5);
  auto& sigma = headed(*geometry.mutable_geometry()->mutable_histogram_sigma(), pb::ROLE_HISTOGRAM_SIGMA);
  sigma.add_structures()->set_histogram_sigma_gy(3.0);
  made.push_back(geometry.SerializeAsString());
  pb::AdvisorEvent level;
  set_vector(*headed(*level.mutable_level()->mutable_initialization(), pb::ROLE_INITIALIZATION).mutable_weights());
  set_vector(
      *headed(*level.mutable_level()->mutable_adaptive_variance(), pb::ROLE_ADAPTIVE_VARIANCE).mutable_variance_gy2());
  made.push_back(level.SerializeAsString());
  pb::AdvisorEvent iteration;
  auto& stop = headed(*iteration.mutable_iteration()->mutable_early_stopping(), pb::ROLE_EARLY_STOPPING);
  stop.set_decision(pb::STOP_DECISION_STOP_LEVEL);
  stop.set_explanation("enough");
  auto& step = headed(*iteration.mutable_iteration()->mutable_step_direction(), pb::ROLE_STEP_DIRECTION);
  step.set_space(pb::DIRECTION_SPACE_WEIGHTS);
  step.set_step_length(1.0);
  set_vector(*step.mutable_direction());
  made.push_back(iteration.SerializeAsString());
  pb::AdvisorEvent summary;
  summary.mutable_summary()->mutable_provenance()->set_host("dh-advisor");
  made.push_back(summary.SerializeAsString());
  return made;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // As the client does: what the parser says is not for an optimizer's terminal.
  const dh_advisor::ProtobufLogCapture said;
  pb::AdvisorEvent answer;
  if (!answer.ParseFromArray(data, static_cast<int>(size))) return 0;
  const dh_advisor::Frame against = frame();
  dh_advisor::Parts parts;
  dh_advisor::key_of(answer);
  if (answer.has_accepted()) {
    dh_advisor::decode_bindings(answer.accepted().bindings());
    dh_advisor::decode_wants(answer.accepted());
  }
  if (answer.has_summary()) dh_advisor::decode(answer.summary().provenance());
  if (answer.has_geometry()) {
    const auto advice = dh_advisor::decode(answer.geometry(), against, parts);
    if (advice.stages) dh_advisor::check_stages(*advice.stages, 2, 2.5, 0.5, 20.0);
    if (advice.structure_sigmas) dh_advisor::check_structure_sigmas(*advice.structure_sigmas, 2, 0.5, 20.0);
  }
  if (answer.has_level()) {
    const auto advice = dh_advisor::decode(answer.level(), against, parts);
    if (advice.initial_weights) expect(advice.initial_weights->size() == kBeamlets);
    if (advice.variance_gy2) expect(advice.variance_gy2->size() == kBeamlets);
  }
  if (answer.has_iteration()) {
    auto advice = dh_advisor::decode(answer.iteration(), against, parts);
    pass_gates(advice);
  }
  return 0;
}
