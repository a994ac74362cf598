#include "scripted_advisor.h"

#include <chrono>
#include <cstring>

namespace dh_advisor::testing {
namespace {

void set_vector(pb::Tensor& tensor, const std::vector<double>& values) {
  tensor.set_data_type(pb::DATA_TYPE_FLOAT64);
  tensor.add_shape(static_cast<std::uint32_t>(values.size()));
  tensor.set_data(values.data(), values.size() * sizeof(double));
}

template <typename Advice>
void set_header(Advice& advice, pb::Role role) {
  advice.mutable_header()->set_role(role);
  advice.mutable_header()->set_outcome(pb::OUTCOME_APPLIED);
}

pb::AdvisorEvent accepted() {
  pb::AdvisorEvent answer;
  answer.mutable_accepted()->set_session_id("scripted");
  answer.mutable_accepted()->set_configuration_generation(7);
  for (int role = pb::ROLE_INITIALIZATION; role <= pb::ROLE_EARLY_STOPPING; ++role) {
    pb::RoleBinding& binding = *answer.mutable_accepted()->add_bindings();
    binding.set_role(static_cast<pb::Role>(role));
    binding.set_plugin("scripted");
  }
  pb::WantedTensor& gradient = *answer.mutable_accepted()->add_wanted();
  gradient.set_kind(pb::TENSOR_KIND_GRADIENT);
  gradient.set_every_n(2);
  pb::WantedTensor& norms = *answer.mutable_accepted()->add_wanted();
  norms.set_kind(pb::TENSOR_KIND_COLUMN_NORM);
  return answer;
}

}  // namespace

ScriptedAdvisor::ScriptedAdvisor(Script script, grpc::Status end,
                                 const std::shared_ptr<grpc::ServerCredentials>& credentials)
    : script_(std::move(script)), end_(std::move(end)) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", credentials, &port_);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
}

ScriptedAdvisor::~ScriptedAdvisor() { kill(); }

void ScriptedAdvisor::kill() { server_->Shutdown(std::chrono::system_clock::now()); }

std::vector<pb::OptimizerEvent> ScriptedAdvisor::events() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return events_;
}

grpc::Status ScriptedAdvisor::Advise(grpc::ServerContext* context, Stream* stream) {
  pb::OptimizerEvent event;
  while (stream->Read(&event)) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      events_.push_back(event);
    }
    if (!script_(event, *stream)) return end_;
  }
  if (!has_ended_.exchange(true)) closed_well_.set_value(!context->IsCancelled());
  return end_;
}

pb::AdvisorEvent good_answer(const pb::OptimizerEvent& event) {
  pb::AdvisorEvent answer;
  if (event.has_start()) return accepted();
  if (event.has_geometry()) {
    pb::PyramidSigmaAdvice& pyramid = *answer.mutable_geometry()->mutable_pyramid_sigma();
    set_header(pyramid, pb::ROLE_PYRAMID_SIGMA);
    pb::Stage& stage = *pyramid.add_stages();
    stage.set_histogram_sigma_gy(2.5);
  } else if (event.has_level_start()) {
    const std::size_t n = event.level_start().beamlet_count();
    answer.mutable_level()->set_level(event.level_start().level());
    answer.mutable_level()->set_stage(event.level_start().stage());
    set_header(*answer.mutable_level()->mutable_initialization(), pb::ROLE_INITIALIZATION);
    set_vector(*answer.mutable_level()->mutable_initialization()->mutable_weights(), std::vector<double>(n, 0.05));
    set_header(*answer.mutable_level()->mutable_adaptive_variance(), pb::ROLE_ADAPTIVE_VARIANCE);
    set_vector(*answer.mutable_level()->mutable_adaptive_variance()->mutable_variance_gy2(),
               std::vector<double>(n, 2.0));
  } else if (event.has_iteration()) {
    pb::IterationAdvice& iteration = *answer.mutable_iteration();
    iteration.set_level(event.iteration().level());
    iteration.set_stage(event.iteration().stage());
    iteration.set_iteration(event.iteration().iteration());
    set_header(*iteration.mutable_early_stopping(), pb::ROLE_EARLY_STOPPING);
    iteration.mutable_early_stopping()->set_decision(pb::STOP_DECISION_CONTINUE);
    set_header(*iteration.mutable_step_direction(), pb::ROLE_STEP_DIRECTION);
    iteration.mutable_step_direction()->set_space(pb::DIRECTION_SPACE_WEIGHTS);
    set_vector(*iteration.mutable_step_direction()->mutable_direction(), {1.0, -1.0, 0.5, 0.0});
    iteration.mutable_step_direction()->set_step_length(1.0);
  } else if (event.has_finish()) {
    answer.mutable_summary();
  }
  return answer;
}

bool answer_well(const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream) {
  const pb::AdvisorEvent answer = good_answer(event);
  if (answer.event_case() != pb::AdvisorEvent::EVENT_NOT_SET) stream.Write(answer);
  return !event.has_finish();
}

SessionOptions options_for(const ScriptedAdvisor& advisor) {
  SessionOptions options;
  options.address = advisor.address();
  options.connect_deadline = std::chrono::seconds(10);
  options.start_deadline = std::chrono::seconds(10);
  options.iteration_deadline = std::chrono::seconds(10);
  return options;
}

LevelStart level_zero() {
  LevelStart start;
  start.beamlet_count = 4;
  start.histogram_sigma_gy = 2.5;
  start.variance_lower_gy2 = 1.5625;
  start.variance_upper_gy2 = 9.375;
  return start;
}

Iteration iteration_number(std::uint32_t number) {
  Iteration iteration;
  iteration.iteration = number;
  iteration.objective = 10.0;
  return iteration;
}

PlanStart small_plan() {
  PlanStart plan;
  plan.client = "test 1";
  plan.plan_key = "plan";
  Structure target;
  target.name = "PTV70";
  target.role = StructureRole::kTarget;
  plan.structures.push_back(target);
  plan.beams.push_back({0.0, 0.0, 4, 1, 5.0, 30.0});
  plan.weight_ceiling = 0.2;
  plan.weight_steepness = 0.5;
  plan.levels.push_back({0, 4, 2.5, 1.5625, 9.375, 500, 1e-6});
  plan.levels.push_back({1, 2, 6.5, 10.5625, 63.375, 500, 1e-5});
  for (int role = 1; role <= 6; ++role) plan.accepts.push_back(static_cast<Role>(role));
  plan.offers = {TensorKind::kGradient, TensorKind::kColumnNorm};
  return plan;
}

}  // namespace dh_advisor::testing
