// Asks one question after the other, as a plan does, and prints the round-trip times as one line of JSON.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
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

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Round-trip times of iteration questions over one session"};
  std::string address;
  std::uint32_t doubles = 0;
  std::uint32_t messages = 2000;
  std::uint32_t warmup = 300;
  app.add_option("--address", address, "host:port of the server")->required();
  app.add_option("--doubles", doubles, "length of the gradient sent with every iteration; 0 = none");
  app.add_option("--messages", messages, "questions timed")->check(CLI::PositiveNumber);
  app.add_option("--warmup", warmup, "questions before those");
  CLI11_PARSE(app, argc, argv);

  const std::uint32_t beamlets = std::max(doubles, 1U);
  dh_advisor::SessionOptions options;
  options.address = address;
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

  const std::vector<double> gradient(doubles, 0.25);
  dh_advisor::Iteration iteration;
  if (doubles > 0) {
    dh_advisor::TensorView view;
    view.kind = dh_advisor::TensorKind::kGradient;
    view.data = gradient.data();
    view.shape = {doubles};
    iteration.tensors.push_back(view);
  }
  std::vector<double> times_us;
  times_us.reserve(messages);
  for (std::uint32_t i = 0; i < warmup + messages; ++i) {
    iteration.iteration = i;
    // Falls for ever, so that nobody advises to stop.
    iteration.objective = 100.0 / (1.0 + i);
    iteration.gradient_norm = iteration.objective;
    const SteadyClock::time_point asked = SteadyClock::now();
    session->ask_iteration(iteration);
    const double us = std::chrono::duration<double, std::micro>(SteadyClock::now() - asked).count();
    if (i >= warmup) times_us.push_back(us);
  }
  const dh_advisor::SessionCounters counters = session->counters();
  if (!session->is_live() || counters.answers != counters.questions) {
    std::cerr << "rtt_client: " << counters.answers << " answers to " << counters.questions << " questions; "
              << session->status().message << '\n';
    return 1;
  }
  session->finish({});
  std::sort(times_us.begin(), times_us.end());
  std::cout << nlohmann::json{{"p50Us", quantile_us(times_us, 0.50)},
                              {"p99Us", quantile_us(times_us, 0.99)},
                              {"messages", times_us.size()}}
            << std::endl;
  return 0;
}
