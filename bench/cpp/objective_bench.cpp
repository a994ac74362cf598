// Times one value+gradient call on a case and, side by side, what this machine's memory would allow: the matrix's bytes
// read twice at the bandwidth measured in the same run. Prints one line of JSON.
#include <omp.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <vector>

#include "case/read_case.h"
#include "objective/objective.h"
#include "plan/build_problem.h"
#include "pyramid/pyramid.h"

namespace {

using SteadyClock = std::chrono::steady_clock;

double elapsed_ms(SteadyClock::time_point since) {
  return std::chrono::duration<double, std::milli>(SteadyClock::now() - since).count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

/// Bytes a millisecond when every thread sums its part of a buffer as large as the matrix, as the objective reads it.
double bandwidth_bytes_per_ms(std::size_t bytes, int threads, int repeats, double& checksum) {
  const std::vector<float> buffer(std::max<std::size_t>(bytes / sizeof(float), 1), 1.0F);
  const auto count = static_cast<std::ptrdiff_t>(buffer.size());
  std::vector<double> times_ms;
  for (int i = 0; i < repeats; ++i) {
    float sum = 0.0F;
    const SteadyClock::time_point start = SteadyClock::now();
#pragma omp parallel for simd reduction(+ : sum) num_threads(threads) schedule(static)
    for (std::ptrdiff_t k = 0; k < count; ++k) sum += buffer[static_cast<std::size_t>(k)];
    times_ms.push_back(elapsed_ms(start));
    checksum += sum;
  }
  return static_cast<double>(count) * sizeof(float) / median(times_ms);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Time of the objective's value+gradient call against the memory-bandwidth limit"};
  std::string folder;
  bool is_full = false;
  int threads = 2;
  int repeats = 200;
  app.add_option("case", folder, "case folder")->required();
  app.add_flag("--full", is_full, "the whole target in three dimensions");
  app.add_option("--threads", threads, "threads")->check(CLI::PositiveNumber);
  app.add_option("--repeats", repeats, "calls timed")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);

  rtmodel::PlanOptions options;
  if (is_full) options.window_mm = std::nullopt;
  const rtmodel::BuiltPlan plan = rtmodel::build_problem(rtmodel::require_case(folder), options);
  rtmodel::Pyramid pyramid(plan.problem);
  rtmodel::Objective objective(pyramid.level(0), plan.problem.structures, threads);
  objective.set_sigma(2.5);
  objective.set_variance_to_minimum();

  const Eigen::VectorXd weights = Eigen::VectorXd::Constant(objective.size(), 0.05);
  Eigen::VectorXd gradient(objective.size());
  double checksum = 0.0;
  std::vector<double> both_ms;
  std::vector<double> value_ms;
  for (int i = 0; i < repeats + 10; ++i) {
    SteadyClock::time_point start = SteadyClock::now();
    checksum += objective.value_and_gradient(weights, gradient);
    if (i >= 10) both_ms.push_back(elapsed_ms(start));
    start = SteadyClock::now();
    checksum += objective.value(weights);
    if (i >= 10) value_ms.push_back(elapsed_ms(start));
  }
  const std::size_t values = static_cast<std::size_t>(plan.problem.influence.nonZeros());
  const std::size_t bytes = values * sizeof(float);
  const double bytes_per_ms = bandwidth_bytes_per_ms(bytes, threads, repeats, checksum);
  const double limit_ms = 2.0 * static_cast<double>(bytes) / bytes_per_ms;
  std::cout << nlohmann::json{{"geometry", is_full ? "full" : "coplanar"},
                              {"threads", threads},
                              {"beamlets", objective.size()},
                              {"voxels", plan.problem.influence.rows()},
                              {"values", values},
                              {"valueGradientMs", median(both_ms)},
                              {"valueMs", median(value_ms)},
                              {"bandwidthGbPerS", bytes_per_ms * 1e-6},
                              {"limitMs", limit_ms},
                              {"ratioToLimit", median(both_ms) / limit_ms},
                              {"checksum", checksum}}
            << std::endl;
  return 0;
}
