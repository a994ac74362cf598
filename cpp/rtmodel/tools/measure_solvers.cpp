// Runs arms of the optimizer without advice on cases and prints what each costs and reaches. For tuning and checking on
// training patients; the figures that the project publishes are made by its evaluation, not here.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

#include "case/read_case.h"
#include "plan/build_problem.h"
#include "run/run.h"

namespace {

struct Arguments {
  std::vector<std::string> cases;
  std::vector<std::string> arms{"dh", "lbfgs"};
  std::vector<double> stages;  // sigma and iterations in turn
  std::string goals;           // file of cases and F_ref
  std::string advisor = "127.0.0.1:50151";
  bool full = false;
  bool shows_stages = false;
  double beamlet_mm = 5.0;
  rtmodel::RunOptions options;
};

rtmodel::RunResult run_arm(const rtmodel::PlanProblem& problem, const std::string& arm, const Arguments& arguments) {
  rtmodel::RunOptions options = arguments.options;
  options.trace_reference = true;
  if (arm.find("advised") != std::string::npos) {
    options.advisor.emplace();
    options.advisor->address = arguments.advisor;
  }
  if (arm.rfind("lbfgs", 0) == 0) {
    options.solver = dh_advisor::SolverKind::kLbfgs;
    for (std::size_t i = 0; i + 1 < arguments.stages.size(); i += 2) {
      options.stages.push_back({0, arguments.stages[i], static_cast<std::uint32_t>(arguments.stages[i + 1]), {}});
    }
  } else if (arm == "dh-full") {
    options.covariance = rtmodel::CovarianceMode::kFull;
  }
  rtmodel::SilentSink silent;
  return run_plan(problem, options, silent);
}

/// Call-equivalents until F_ref first came within a factor of a goal; -1 when it never did.
double cost_to_reach(const rtmodel::RunResult& result, double goal, double factor) {
  for (const auto& point : result.trace) {
    if (point.reference_objective && *point.reference_objective <= factor * goal) return point.call_equivalents;
  }
  return -1.0;
}

void print_stages(const rtmodel::RunResult& result) {
  for (const auto& stage : result.stages) {
    std::printf("  level %u, sigma %4.1f Gy%s: %u iterations, %.1f calls, F %.4f, %s, %.1f ms of advice\n", stage.level,
                stage.histogram_sigma_gy, stage.is_polish ? ", polish" : "", stage.counts.iterations,
                stage.counts.call_equivalents, stage.objective, dh_advisor::name_of(stage.stop_reason),
                stage.counts.advice_ms);
  }
  if (!result.advice.status.ok()) std::printf("  advisor: %s\n", result.advice.status.message.c_str());
  for (const auto& role : result.advice.roles) {
    std::printf("  %s:", dh_advisor::name_of(role.role));
    for (const auto& [verdict, count] : role.verdicts) {
      std::printf(" %s %llu", dh_advisor::name_of(verdict), static_cast<unsigned long long>(count));
    }
    std::printf("\n");
  }
}

std::map<std::string, double> read_goals(const std::string& file) {
  std::map<std::string, double> goals;
  std::ifstream lines(file);
  std::string name;
  double goal = 0.0;
  while (lines >> name >> goal) goals[name] = goal;
  return goals;
}

double median(std::vector<double> values) {
  if (values.empty()) return -1.0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app{"Cost and quality of the solvers on cases; research software"};
  app.add_option("cases", arguments.cases, "case folders")->required();
  app.add_option("--arms", arguments.arms,
                 "of dh, dh-full, dh-advised, lbfgs, lbfgs-advised; the first sets the goal of the others")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"dh", "dh-full", "dh-advised", "lbfgs", "lbfgs-advised"}));
  app.add_option("--advisor", arguments.advisor, "HOST:PORT for the advised arms");
  app.add_option("--stages", arguments.stages, "lbfgs: sigma in Gy and iterations in turn, the last iterations 0")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--goals", arguments.goals,
                 "file with a case and an F_ref to reach in each line, instead of the first arm's");
  app.add_flag("--full", arguments.full, "plan the whole target in three dimensions");
  app.add_flag("--show-stages", arguments.shows_stages, "print every stage and what became of advice");
  app.add_option("--beamlet-mm", arguments.beamlet_mm, "spacing of the beamlets, mm");
  app.add_option("--threads", arguments.options.threads, "threads, 0 = all");
  app.add_option("--max-iterations", arguments.options.max_iterations, "iterations a stage");
  app.add_flag("!--no-polish", arguments.options.polish, "end where advice stopped");
  app.add_flag_callback(
      "--no-safeguard", [&arguments] { arguments.options.quality = rtmodel::Quality::kFast; },
      "lbfgs-advised: from the learned start alone");
  app.add_option("--safeguard-iterations", arguments.options.safeguard_iterations,
                 "lbfgs-advised: iterations after which the learned start's descent is given up unless it leads");
  app.add_option("--safeguard-lead", arguments.options.safeguard_lead,
                 "lbfgs-advised: relative lead with which it goes on");
  app.add_option("--stop-tolerance", arguments.options.stop_tolerance, "gain below which advice to stop is harmless");
  app.add_option("--preparation", arguments.options.preparation_iterations, "iterations that prepare a start");
  app.add_option("--preparation-dose-error", arguments.options.preparation_dose_error,
                 "factor of the dose error beside F where a learned start is prepared");
  app.add_option("--pairs", arguments.options.lbfgs.pairs, "lbfgs: curvature pairs");
  app.add_option("--keep-pairs", arguments.options.lbfgs.keeps_pairs, "lbfgs: keep pairs across stages, 0 or 1");
  app.add_option("--structure-share", arguments.options.lbfgs.structure_share,
                 "lbfgs: how far a weight's scale follows its structures' weights, 0 to 1")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--first-step", arguments.options.lbfgs.first_step, "lbfgs: first step as a fraction of the weights");
  app.add_option("--curvature", arguments.options.lbfgs.curvature, "lbfgs: curvature condition");
  CLI11_PARSE(app, argc, argv);

  std::printf("%-8s %-8s %6s %9s %9s %5s %6s %6s %7s %7s %7s %7s %8s %8s %8s\n", "case", "arm", "n", "F_ref", "ratio",
              "iter", "value", "grad", "calls", "to+5%", "to+1%", "to+0.1%", "objective", "cov", "total ms");
  const std::map<std::string, double> goals = read_goals(arguments.goals);
  std::vector<std::vector<double>> ratios(arguments.arms.size());
  std::vector<std::vector<double>> costs(arguments.arms.size());
  std::vector<std::vector<double>> totals(arguments.arms.size());
  for (const std::string& folder : arguments.cases) {
    rtmodel::PlanOptions plan;
    plan.beamlet_mm = arguments.beamlet_mm;
    if (arguments.full) plan.window_mm.reset();
    const rtmodel::BuiltPlan built = build_problem(rtmodel::require_case(folder), plan);
    const std::string name = std::filesystem::path(folder).filename();
    double goal = goals.count(name) == 0 ? 0.0 : goals.at(name);
    for (std::size_t arm = 0; arm < arguments.arms.size(); ++arm) {
      const auto result = run_arm(built.problem, arguments.arms[arm], arguments);
      if (arguments.shows_stages) print_stages(result);
      if (goal == 0.0) goal = result.reference_objective;
      const double cost = cost_to_reach(result, goal, 1.01);
      ratios[arm].push_back(result.reference_objective / goal);
      costs[arm].push_back(cost < 0.0 ? 1e9 : cost);
      totals[arm].push_back(result.total.call_equivalents);
      std::printf("%-8s %-8s %6zu %9.4f %9.4f %5u %6u %6u %7.1f %7.1f %7.1f %7.1f %8.1f %8.1f %8.1f\n", name.c_str(),
                  arguments.arms[arm].c_str(), result.final_weights.size(), result.reference_objective,
                  result.reference_objective / goal, result.total.iterations, result.total.value_calls,
                  result.total.gradient_calls, result.total.call_equivalents, cost_to_reach(result, goal, 1.05), cost,
                  cost_to_reach(result, goal, 1.001), result.total.objective_ms, result.total.covariance_ms,
                  result.total.total_ms);
      std::fflush(stdout);
    }
  }
  for (std::size_t arm = 0; arm < arguments.arms.size(); ++arm) {
    std::printf("%-8s median: F_ref ratio %.4f, worst %.4f; calls to +1 %% %.1f, calls in all %.1f\n",
                arguments.arms[arm].c_str(), median(ratios[arm]),
                *std::max_element(ratios[arm].begin(), ratios[arm].end()), median(costs[arm]), median(totals[arm]));
  }
  return 0;
}
