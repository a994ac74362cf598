// The same promise through the C interface: a hook of dH's loop that asks by it and tries its stops changes no bit
// without advice.
#include <gtest/gtest.h>

#include "dh_advisor/c_api.h"
#include "dh_advisor/c_gates.h"
#include "kill_switch.h"
#include "scripted_advisor.h"
#include "stub_plan.h"

namespace dh_adapter {
namespace {

using dh_advisor::testing::ScriptedAdvisor;
namespace pb = dh_advisor::testing::pb;
using Stream = ScriptedAdvisor::Stream;

constexpr std::uint32_t kBeamlets[] = {51, 27, 15, 9};

/// Asks at every level and iteration, and stops where the gate grants it.
class CHook final : public IterationHook {
 public:
  CHook(const std::string& address, int mode, std::uint32_t deadline_ms) {
    dh_advisor_structure structure{};
    structure.name = structure.tg263_name = "PTV";
    structure.role = DH_ADVISOR_STRUCTURE_TARGET;
    structure.prescribed_dose_gy = 60.0;
    dh_advisor_beam beams[3]{};
    for (auto& beam : beams) beam = {0.0, 0.0, 17, 1, 4.0, 20.0};
    dh_advisor_level_plan levels[4]{};
    for (int i = 0; i < 4; ++i) levels[i] = {kBeamlets[i], 2.5, 1.5625, 9.375, 500, 1e-6};
    const int accepts[] = {DH_ADVISOR_ROLE_EARLY_STOPPING};
    const int offers[] = {DH_ADVISOR_TENSOR_GRADIENT};
    dh_advisor_plan plan{};
    plan.client = "c dH";
    plan.plan_key = "plan";
    plan.solver = DH_ADVISOR_SOLVER_DH;
    plan.structures = &structure;
    plan.structure_count = 1;
    plan.beams = beams;
    plan.beam_count = 3;
    plan.weight_ceiling = 0.2;
    plan.weight_steepness = 0.5;
    plan.levels = levels;
    plan.level_count = 4;
    plan.accepts = accepts;
    plan.accept_count = 1;
    plan.offers = offers;
    plan.offer_count = 1;
    dh_advisor_session_options options{};
    options.struct_size = sizeof options;
    options.address = address.c_str();
    options.mode = mode;
    options.connect_deadline_ms = 10000;
    options.start_deadline_ms = options.iteration_deadline_ms = deadline_ms;
    session_ = dh_advisor_open_with(&options, &plan);
    EXPECT_NE(dh_advisor_status_code(session_), DH_ADVISOR_STATUS_INVALID_INPUT) << dh_advisor_status(session_);
  }
  ~CHook() override {
    dh_advisor_stop_gate_free(gate_);
    dh_advisor_close(session_);
  }

  bool after_gradient(const IterationState& state) noexcept override {
    std::uint32_t level = 0;
    while (kBeamlets[level] != static_cast<std::uint32_t>(state.count)) ++level;
    if (state.iteration == 0) {
      dh_advisor_stop_gate_free(gate_);
      gate_ = dh_advisor_stop_gate_create();
      dh_advisor_level_start start{};
      start.level = level;
      start.stage = 3 - level;
      start.beamlet_count = kBeamlets[level];
      dh_advisor_level_advice advice{};
      dh_advisor_ask_level(session_, &start, &advice);
    }
    dh_advisor_tensor tensor{};
    tensor.kind = DH_ADVISOR_TENSOR_GRADIENT;
    tensor.data = state.gradient;
    tensor.rows = kBeamlets[level];
    dh_advisor_iteration iteration{};
    iteration.level = level;
    iteration.stage = 3 - level;
    iteration.iteration = static_cast<std::uint32_t>(state.iteration);
    iteration.objective = state.value;
    iteration.tensors = &tensor;
    if (dh_advisor_wants(session_, DH_ADVISOR_TENSOR_GRADIENT, iteration.iteration)) iteration.tensor_count = 1;
    dh_advisor_iteration_advice advice{};
    dh_advisor_ask_iteration(session_, &iteration, kBeamlets[level], &advice);
    int verdict = DH_ADVISOR_VERDICT_NONE;
    return dh_advisor_stop_gate_consider(gate_, advice.stop_decision, iteration.iteration, 0.0, 1.0, nullptr,
                                         &verdict) != DH_ADVISOR_ACTION_STOP;
  }

  dh_advisor_session* session() { return session_; }

 private:
  dh_advisor_session* session_ = nullptr;
  dh_advisor_stop_gate* gate_ = dh_advisor_stop_gate_create();
};

/// `victim` is killed in the seventh iteration.
std::vector<double> optimize(IterationHook* hook, ScriptedAdvisor* victim = nullptr) {
  testing::StubPlan stub;
  auto optimizer = stub.optimizer<dH::PlanOptimizer>();
  OptimizerAdvice advice;
  advice.hook = hook;
  for (int level = 0; level < 4; ++level) optimizer->GetOptimizer(level)->SetAdvice(advice);
  CVectorN<> reached;
  testing::KillSwitch kill{victim};
  optimizer->Optimize(reached, &testing::KillSwitch::press, &kill);
  return testing::to_vector(reached);
}

TEST(SameBitsByC, ModeOff) {
  CHook hook("127.0.0.1:9", DH_ADVISOR_MODE_OFF, 10000);
  EXPECT_EQ(optimize(&hook), optimize(nullptr));
}

TEST(SameBitsByC, NoHost) {
  CHook hook("127.0.0.1:9", DH_ADVISOR_MODE_ADVISE, 10000);
  EXPECT_EQ(optimize(&hook), optimize(nullptr));
  EXPECT_EQ(dh_advisor_status_code(hook.session()), DH_ADVISOR_STATUS_UNREACHABLE);
}

TEST(SameBitsByC, HostKilledInTheMiddle) {
  ScriptedAdvisor advisor(dh_advisor::testing::answer_well);
  CHook hook(advisor.address(), DH_ADVISOR_MODE_ADVISE, 10000);
  EXPECT_EQ(optimize(&hook, &advisor), optimize(nullptr));
  EXPECT_FALSE(dh_advisor_is_live(hook.session()));
  EXPECT_GE(advisor.events().size(), 6U);
}

TEST(SameBitsByC, HostFrozenAfterItAccepted) {
  ScriptedAdvisor advisor([](const pb::OptimizerEvent& event, Stream& stream) {
    return !event.has_start() || stream.Write(dh_advisor::testing::good_answer(event));
  });
  CHook hook(advisor.address(), DH_ADVISOR_MODE_ADVISE, 20);
  EXPECT_EQ(optimize(&hook), optimize(nullptr));
  EXPECT_EQ(dh_advisor_status_code(hook.session()), DH_ADVISOR_STATUS_SWITCHED_OFF);
}

/// Asks for a stop wherever it can.
bool stop_always(const pb::OptimizerEvent& event, Stream& stream) {
  pb::AdvisorEvent answer = dh_advisor::testing::good_answer(event);
  if (event.has_iteration())
    answer.mutable_iteration()->mutable_early_stopping()->set_decision(pb::STOP_DECISION_STOP_LEVEL);
  if (answer.event_case() != pb::AdvisorEvent::EVENT_NOT_SET) stream.Write(answer);
  return !event.has_finish();
}

TEST(SameBitsByC, Shadow) {
  ScriptedAdvisor advisor(stop_always);
  CHook hook(advisor.address(), DH_ADVISOR_MODE_SHADOW, 10000);
  EXPECT_EQ(optimize(&hook), optimize(nullptr));
  EXPECT_TRUE(dh_advisor_is_live(hook.session())) << dh_advisor_status(hook.session());
}

TEST(SameBitsByC, AndAdviceThatIsGrantedDoesChangeThem) {
  ScriptedAdvisor advisor(stop_always);
  CHook hook(advisor.address(), DH_ADVISOR_MODE_ADVISE, 10000);
  EXPECT_NE(optimize(&hook), optimize(nullptr));
}

}  // namespace
}  // namespace dh_adapter
