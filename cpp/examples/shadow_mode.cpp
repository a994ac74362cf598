// Shadow mode: the host is asked and recorded, nothing is handed out, and the plan cannot change.
//   shadow_mode [HOST:PORT]
#include <cstdio>

#include "toy_problem.h"

using namespace dh_advisor;

int main(int argc, char** argv) {
  SessionOptions options;
  options.address = argc > 1 ? argv[1] : "127.0.0.1:50151";
  options.mode = AdviceMode::kShadow;
  auto session = Session::open(options, toy::describe());
  session->ask_geometry({});
  const LevelAdvice advice = session->ask_level(toy::level_zero(1.0));
  session->finish({});

  const SessionCounters counters = session->counters();
  std::printf("asked %llu, answered %llu, waited %.3f ms, handed out: %s\n",
              static_cast<unsigned long long>(counters.questions), static_cast<unsigned long long>(counters.answers),
              static_cast<double>(counters.waited.count()) * 1e-6, advice.initial_weights ? "yes" : "nothing");
  return advice.initial_weights ? 1 : 0;
}
