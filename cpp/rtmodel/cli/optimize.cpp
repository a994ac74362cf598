#include "optimize.h"

#include <chrono>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "case/read_case.h"
#include "commands.h"
#include "plot/plots.h"
#include "progress.h"
#include "result/offer.h"
#include "result/result_json.h"

namespace rtmodel::cli {
namespace {

class Stopwatch {
 public:
  double ms() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::string default_label(const RunArguments& run) {
  std::string label = run.solver;
  if (run.solver == "dh") label += ", " + run.covariance;
  if (!run.advisor.empty() && run.advice_mode != "off") label += run.advice_mode == "shadow" ? ", shadow" : ", advised";
  return label;
}

void print_summary(const nlohmann::json& result) {
  const auto& total = result["total"];
  std::cout << "case " << result["case"].get<std::string>() << ": " << total["iterations"] << " iterations, "
            << total["call_equivalents"] << " call-equivalents, " << std::fixed << std::setprecision(2)
            << total["total_ms"].get<double>() / 1000.0 << " s, stopped by " << result["stop_reason"].get<std::string>()
            << "\nreference objective " << std::setprecision(5) << result["reference_objective"].get<double>() << "\n";
  for (const auto& structure : result["structures"]) {
    std::cout << "  " << std::left << std::setw(14) << structure["name"].get<std::string>() << std::right;
    for (const char* name : {"D95", "D98", "D2", "Dmean", "HI", "paddick", "D0.1cc"})
      if (structure["metrics"].contains(name))
        std::cout << "  " << name << " " << std::setprecision(2) << structure["metrics"][name].get<double>();
    std::cout << "\n";
  }
  const auto& advice = result["advice"];
  if (!advice["was_asked"].get<bool>()) return;
  std::cout << "advice: " << advice["status"].get<std::string>();
  if (!advice["status_message"].get<std::string>().empty())
    std::cout << " (" << advice["status_message"].get<std::string>() << ")";
  std::cout << "\n";
  for (const auto& role : advice["roles"])
    std::cout << "  " << std::left << std::setw(18) << role["role"].get<std::string>() << std::right << role["received"]
              << " received, " << role["accepted"] << " accepted, " << role["refused"] << " refused\n";
}

void write_result(const std::string& file, const nlohmann::json& result) {
  std::ofstream stream(file);
  stream << result.dump() << "\n";
  if (!stream.flush()) throw InputError(file + ": can't be written; check that its folder exists and has room");
}

}  // namespace

int optimize(const OptimizeArguments& arguments) {
  ResultContext context;
  context.label = arguments.label.empty() ? default_label(arguments.run) : arguments.label;
  context.program = std::string("rtmodel ") + RTMODEL_VERSION;
  context.plan_options = arguments.plan.plan_options();
  context.run_options = arguments.run.run_options(arguments.plan.threads);
  context.with_slice = !arguments.plot_folder.empty();
  const Stopwatch reading;
  std::vector<std::string> warnings;
  const Case value = require_case(arguments.plan.case_folder, &warnings);
  context.read_ms = reading.ms();
  const Stopwatch building;
  BuiltPlan plan = build_problem(value, context.plan_options);
  plan.notes.insert(plan.notes.begin(), warnings.begin(), warnings.end());
  context.build_ms = building.ms();
  if (!arguments.is_quiet)
    for (const auto& note : plan.notes) std::cerr << "note: " << note << "\n";

  offer_geometry(value, plan, context.run_options);
  RunResult run;
  {
    ProgressLine progress(arguments.is_quiet);
    run = run_plan(plan.problem, context.run_options, progress);
  }
  const auto result = result_json(value, plan, run, context);
  if (!arguments.out.empty()) write_result(arguments.out, result);
  if (!arguments.is_quiet) print_summary(result);
  if (!arguments.plot_folder.empty()) {
    const auto report = draw_plots({result}, arguments.plot_folder);
    if (!report.problem.empty()) std::cerr << "rtmodel: " << report.problem << "\n";
  }
  return run.stop_reason == dh_advisor::StopReason::kCancelled ? kCancelled : kSuccess;
}

void add_optimize(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("optimize", "Optimizes a plan, with or without an advisor");
  auto arguments = std::make_shared<OptimizeArguments>();
  arguments->plan.add_to(*command);
  arguments->run.add_to(*command);
  command->add_option("--out", arguments->out, "Result file, JSON; see docs/result-format.md");
  command->add_option("--plot", arguments->plot_folder, "Folder for pictures; made when needed");
  command->add_option("--label", arguments->label, "Name of the result in pictures");
  command->add_flag("--quiet", arguments->is_quiet, "No notes, progress or summary");
  command->callback([arguments, &exit_code] { exit_code = optimize(*arguments); });
}

}  // namespace rtmodel::cli
