// Asks one question after the other, as a plan does, and prints the round-trip times as one line of JSON.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "dh_advisor/session.h"

namespace {

using SteadyClock = std::chrono::steady_clock;

dh_advisor::PlanStart plan_of(std::uint32_t beamlets) {
  dh_advisor::PlanStart plan;
  plan.client = "rtt_client";
  plan.plan_key = "rtt";
  dh_advisor::Structure target;
  target.name = "PTV70";
  target.tg263_name = "PTV_7000";
  target.role = dh_advisor::StructureRole::kTarget;
  target.volume_cc = 100.0;
  target.voxel_count = 800;
  target.objective_weight = 30.0;
  target.prescription = {{70.0, 1.0}, {72.1, 0.0}};
  target.prescribed_dose_gy = 70.0;
  plan.structures.push_back(target);
  plan.beams.push_back({0.0, 0.0, beamlets, 1, 5.0, 30.0});
  plan.weight_ceiling = 0.2;
  plan.weight_steepness = 0.5;
  plan.levels.push_back({0, beamlets, 2.5, 1.5625, 9.375, 500, 1e-6});
  for (int role = 1; role <= 6; ++role) plan.accepts.push_back(static_cast<dh_advisor::Role>(role));
  plan.offers = {dh_advisor::TensorKind::kGradient};
  return plan;
}

double quantile_us(std::vector<double>& sorted, double q) {
  return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(q * static_cast<double>(sorted.size())))];
}

struct Load {
  std::string address;
  std::uint32_t doubles = 0;
  std::uint32_t messages = 2000;
  std::uint32_t warmup = 300;
};

/// What one stream measured; `problem` is empty when every question was answered.
struct Measured {
  std::vector<double> times_us;
  SteadyClock::time_point first;
  SteadyClock::time_point last;
  std::string problem;
};

Measured run_stream(const Load& load) {
  const std::uint32_t beamlets = std::max(load.doubles, 1U);
  dh_advisor::SessionOptions options;
  options.address = load.address;
  options.connect_deadline = options.start_deadline = options.iteration_deadline = std::chrono::seconds(5);
  auto session = dh_advisor::Session::open(options, plan_of(beamlets));
  session->ask_geometry({});
  dh_advisor::LevelStart start;
  start.beamlet_count = beamlets;
  start.histogram_sigma_gy = 2.5;
  start.variance_lower_gy2 = 1.5625;
  start.variance_upper_gy2 = 9.375;
  start.objective = 100.0;
  session->ask_level(start);

  const std::vector<double> gradient(load.doubles, 0.25);
  dh_advisor::Iteration iteration;
  if (load.doubles > 0) {
    dh_advisor::TensorView view;
    view.kind = dh_advisor::TensorKind::kGradient;
    view.data = gradient.data();
    view.shape = {load.doubles};
    iteration.tensors.push_back(view);
  }
  Measured measured;
  measured.times_us.reserve(load.messages);
  for (std::uint32_t i = 0; i < load.warmup + load.messages; ++i) {
    iteration.iteration = i;
    // Falls for ever, so that nobody advises to stop.
    iteration.objective = 100.0 / (1.0 + i);
    iteration.gradient_norm = iteration.objective;
    const SteadyClock::time_point asked = SteadyClock::now();
    if (i == load.warmup) measured.first = asked;
    session->ask_iteration(iteration);
    measured.last = SteadyClock::now();
    if (i >= load.warmup) {
      measured.times_us.push_back(std::chrono::duration<double, std::micro>(measured.last - asked).count());
    }
  }
  const dh_advisor::SessionCounters counters = session->counters();
  if (!session->is_live() || counters.answers != counters.questions) {
    measured.problem = std::to_string(counters.answers) + " answers to " + std::to_string(counters.questions) +
                       " questions; " + session->status().message;
    return measured;
  }
  session->finish({});
  return measured;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Round-trip times of iteration questions; each stream has one question open"};
  Load load;
  std::uint32_t streams = 1;
  app.add_option("--address", load.address, "host:port of the server")->required();
  app.add_option("--doubles", load.doubles, "length of the gradient sent with every iteration; 0 = none");
  app.add_option("--messages", load.messages, "questions timed, of each stream")->check(CLI::PositiveNumber);
  app.add_option("--warmup", load.warmup, "questions before those");
  app.add_option("--streams", streams, "streams at once, a thread each")->check(CLI::Range(1, 256));
  CLI11_PARSE(app, argc, argv);

  std::vector<Measured> measured(streams);
  std::vector<std::thread> threads;
  for (std::uint32_t k = 1; k < streams; ++k) {
    threads.emplace_back([&load, &result = measured[k]] { result = run_stream(load); });
  }
  measured[0] = run_stream(load);
  for (std::thread& thread : threads) thread.join();

  std::vector<double> times_us;
  SteadyClock::time_point first = measured[0].first;
  SteadyClock::time_point last = measured[0].last;
  for (const Measured& one : measured) {
    if (!one.problem.empty()) {
      std::cerr << "rtt_client: " << one.problem << '\n';
      return 1;
    }
    times_us.insert(times_us.end(), one.times_us.begin(), one.times_us.end());
    first = std::min(first, one.first);
    last = std::max(last, one.last);
  }
  std::sort(times_us.begin(), times_us.end());
  const double seconds = std::chrono::duration<double>(last - first).count();
  std::cout << nlohmann::json{{"p50Us", quantile_us(times_us, 0.50)},
                              {"p99Us", quantile_us(times_us, 0.99)},
                              {"messages", times_us.size()},
                              {"answersPerS", static_cast<double>(times_us.size()) / seconds}}
            << std::endl;
  return 0;
}
