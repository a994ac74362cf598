// An optimizer's loop with advice: start, direction, stop. Every piece is tried behind a gate and reported; without a
// host the loop runs as it would alone.   advised_loop [HOST:PORT]
#include <algorithm>
#include <cstdio>

#include "dh_advisor/gates.h"
#include "toy_problem.h"

using namespace dh_advisor;

int main(int argc, char** argv) {
  SessionOptions options;
  options.address = argc > 1 ? argv[1] : "127.0.0.1:50151";
  auto session = Session::open(options, toy::describe());
  if (!session->is_live()) std::printf("no advice: %s\n", session->status().message.c_str());

  toy::Weights weights{};
  toy::Weights gradient{};
  double objective = toy::evaluate(weights, gradient);
  std::uint32_t calls = 1;

  session->ask_geometry({});
  const LevelAdvice level = session->ask_level(toy::level_zero(objective));
  if (level.initial_weights) {
    toy::Weights proposed{};
    toy::Weights its_gradient{};
    std::copy(level.initial_weights->begin(), level.initial_weights->end(), proposed.begin());
    const double its_objective = toy::evaluate(proposed, its_gradient);
    ++calls;
    const Verdict verdict = choose_start(objective, its_objective);
    session->report(Role::kInitialization, verdict, 0);
    if (verdict == Verdict::kAccepted) {
      weights = proposed;
      gradient = its_gradient;
      objective = its_objective;
    }
  }

  DirectionGate direction_gate;
  StopGate stop_gate;
  double step = 0.002;
  std::uint32_t k = 0;
  for (; k < 200; ++k) {
    const double before = objective;
    for (std::size_t i = 0; i < toy::kBeamlets; ++i) weights[i] -= step * gradient[i];
    objective = toy::evaluate(weights, gradient);
    ++calls;

    Iteration iteration;
    iteration.iteration = k;
    iteration.objective = objective;
    iteration.gradient_calls = calls;
    if (session->wants(TensorKind::kGradient, k)) {
      iteration.tensors.push_back(toy::view(TensorKind::kGradient, gradient));
    }
    if (session->wants(TensorKind::kWeights, k)) iteration.tensors.push_back(toy::view(TensorKind::kWeights, weights));
    IterationAdvice advice = session->ask_iteration(iteration);

    if (advice.direction && advice.direction->space == DirectionSpace::kWeights) {
      const Verdict verdict = direction_gate.consider(*advice.direction, gradient.data(), toy::kBeamlets);
      session->report(Role::kStepDirection, verdict, 0, k);
      // A real optimizer would now try the step; this one only shows where the direction arrives.
    }
    const double gain = (before - objective) / objective;
    const auto judgement = stop_gate.consider(advice.stop ? &*advice.stop : nullptr, k, gain, 1e-4);
    if (judgement.verdict) session->report(Role::kEarlyStopping, *judgement.verdict, 0, k);
    if (judgement.action == StopGate::Action::kStop || gain < 1e-9) break;
  }
  LevelEnd end;
  end.iterations = k + 1;
  end.gradient_calls = calls;
  end.objective = objective;
  session->tell_level_end(end);
  PlanFinish finish;
  finish.iterations = k + 1;
  finish.gradient_calls = calls;
  finish.call_equivalents = calls;
  finish.reference_objective = objective;
  session->finish(finish);
  std::printf("objective %.6f\n", objective);
  return objective < 1.001 ? 0 : 1;
}
