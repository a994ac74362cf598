// Times one value and one value+gradient call on a case, beside the memory traffic they can't avoid.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <numeric>

#include "case/read_case.h"
#include "objective/objective.h"
#include "plan/build_problem.h"

namespace {

constexpr int kRepeats = 15;

double median_ms(const std::function<void()>& work) {
  std::vector<double> times_ms;
  for (int i = 0; i < kRepeats; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    times_ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(times_ms.begin(), times_ms.end());
  return times_ms[kRepeats / 2];
}

/// Milliseconds to sum the matrix's values twice with as many threads: what a call can't be faster than.
double traffic_ms(const rtmodel::InfluenceMatrix& influence, int threads) {
  const float* values = influence.valuePtr();
  const long count = influence.nonZeros();
  volatile double sink = 0.0;
  return 2.0 * median_ms([&] {
           double sum = 0.0;
#pragma omp parallel for simd reduction(+ : sum) num_threads(threads)
           for (long i = 0; i < count; ++i) sum += values[i];
           sink = sum;
         });
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> cases;
  bool full = false;
  std::vector<int> threads{1, 2};
  double beamlet_mm = 5.0;
  CLI::App app{"Time of the objective on cases; research software"};
  app.add_option("cases", cases, "case folders")->required();
  app.add_flag("--full", full, "plan the whole target in three dimensions");
  app.add_option("--threads", threads, "threads to try")->delimiter(',')->allow_extra_args(false);
  app.add_option("--beamlet-mm", beamlet_mm, "spacing of the beamlets, mm");
  CLI11_PARSE(app, argc, argv);
  std::printf("%-40s %6s %7s %9s %7s %7s %9s %9s %9s %6s\n", "case", "n", "rows", "values", "threads", "sigma",
              "value ms", "grad ms", "share", "x read");
  for (const std::string& folder : cases) {
    rtmodel::PlanOptions plan;
    plan.beamlet_mm = beamlet_mm;
    if (full) plan.window_mm.reset();
    const rtmodel::BuiltPlan built = build_problem(rtmodel::require_case(folder), plan);
    rtmodel::Pyramid pyramid(built.problem);
    for (int count : threads) {
      for (double sigma_gy : {2.5, 40.0}) {
        rtmodel::Objective objective(pyramid.level(0), built.problem.structures, count);
        objective.set_sigma(sigma_gy);
        Eigen::VectorXd weights = Eigen::VectorXd::Constant(objective.size(), 0.05);
        Eigen::VectorXd gradient;
        const double value_ms = median_ms([&] { objective.value(weights); });
        const double gradient_ms = median_ms([&] { objective.value_and_gradient(weights, gradient); });
        std::printf("%-40s %6d %7ld %9ld %7d %7.1f %9.3f %9.3f %9.2f %6.1f\n", folder.c_str(), objective.size(),
                    static_cast<long>(built.problem.influence.rows()),
                    static_cast<long>(built.problem.influence.nonZeros()), count, sigma_gy, value_ms, gradient_ms,
                    value_ms / gradient_ms, gradient_ms / traffic_ms(built.problem.influence, count));
      }
    }
  }
  return 0;
}
