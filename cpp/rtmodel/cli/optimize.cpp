#include "optimize.h"

#include <chrono>
#include <iomanip>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "case/nifti_volume.h"
#include "case/read_case.h"
#include "commands.h"
#include "files/output_file.h"
#include "files/text.h"
#include "interrupt.h"
#include "metrics/body_dose.h"
#include "plot/html_report.h"
#include "plot/plots.h"
#include "progress.h"
#include "result/advice_summary.h"
#include "result/offer.h"
#include "result/result_json.h"
#include "run/schedule.h"

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

std::string default_label(const RunArguments& run, const RunOptions& options) {
  const bool is_dh = options.solver == dh_advisor::SolverKind::kDh;
  std::string label = is_dh ? "dh" : "lbfgs";
  if (is_dh) label += std::string(", ") + name_of(covariance_mode(options));
  if (options.fidelity == Fidelity::kShipped) label += ", shipped";
  if (!run.advisor.empty() && run.advice_mode != "off") label += run.advice_mode == "shadow" ? ", shadow" : ", advised";
  return label;
}

void print_summary(const nlohmann::json& result) {
  const auto& total = result["total"];
  std::cout << "case " << result["case"].get<std::string>() << ": " << total["iterations"] << " iterations, "
            << total["call_equivalents"] << " call-equivalents, " << std::fixed << std::setprecision(2)
            << total["total_ms"].get<double>() / 1000.0 << " s, stopped by " << result["stop_reason"].get<std::string>()
            << "\nreference objective " << std::setprecision(5) << result["reference_objective"].get<double>() << "\n";
  if (!result["own_objective"].is_null())
    std::cout << "dH's own objective " << std::setprecision(6) << result["own_objective"].get<double>() << "\n";
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
  const char* shadow = result["advice_mode"] == "shadow" ? " (shadow)" : "";
  for (const auto& role : advice["roles"])
    std::cout << "  " << std::left << std::setw(18) << role["role"].get<std::string>() << std::right << role["received"]
              << " answered, " << role["accepted"] << " used, " << role["refused"] << " not used" << shadow << "\n";
}

/// What goes into results and to advisors must be texts there; told before anything is planned.
void check_texts(const OptimizeArguments& arguments) {
  const std::pair<const char*, const std::string&> texts[] = {{"--label", arguments.label},
                                                              {"--plan-key", arguments.run.plan_key},
                                                              {"--patient-key", arguments.run.patient_key}};
  for (const auto& [option, text] : texts) {
    const std::string fault = fault_of_name(text);
    if (!fault.empty())
      throw InputError(std::string(option) + ": \"" + quotable(text) + "\" " + fault + "; give one line in UTF-8");
  }
}

void tell(const BuiltPlan& plan, const std::vector<std::string>& warnings, const OptimizeArguments& arguments) {
  if (!arguments.is_quiet || arguments.tells_warnings)
    for (const auto& warning : warnings) std::cerr << "warning: " << warning << "\n";
  if (!arguments.is_quiet)
    for (const auto& note : plan.notes) std::cerr << "note: " << note << "\n";
}

/// The exit code of a plan that was made.
int judge(const RunResult& run, const OptimizeArguments& arguments) {
  const std::string missing = missing_advice(run.advice);
  const bool is_cancelled = run.stop_reason == dh_advisor::StopReason::kCancelled;
  if (!run.fault.empty()) std::cerr << "rtmodel: " << run.fault << "\n";
  if (!missing.empty()) std::cerr << "rtmodel: without advice, or not with all of it: " << missing << "\n";
  if (is_cancelled) return kCancelled;
  if (!run.fault.empty()) return kBadInput;
  return arguments.requires_advice && !has_required_advice(run.advice) ? kNoAdvice : kSuccess;
}

}  // namespace

int optimize(const OptimizeArguments& arguments) {
  check_texts(arguments);
  ResultContext context;
  context.program = std::string("rtmodel ") + RTMODEL_VERSION;
  context.plan_options = arguments.plan.plan_options();
  context.run_options = arguments.run.run_options(arguments.plan.fidelity_kind(), arguments.plan.threads);
  // As dH does it. Other ways end in worse plans, and are asked for by name.
  if (arguments.run.covariance.empty() && context.run_options.solver == dh_advisor::SolverKind::kDh)
    context.run_options.covariance = CovarianceMode::kFull;
  context.label = arguments.label.empty() ? default_label(arguments.run, context.run_options) : arguments.label;
  context.with_slice = !arguments.plot_folder.empty() || !arguments.html.empty();
  if (arguments.requires_advice && (arguments.run.advisor.empty() || arguments.run.advice_mode == "off"))
    throw InputError("--require-advice: nobody is asked; give --advisor HOST:PORT, and a mode other than off");
  const InterruptWatch interrupt;
  std::optional<OutputFile> out;
  if (!arguments.out.empty()) out.emplace(arguments.out);
  std::optional<OutputFile> dose;
  if (!arguments.dose.empty()) dose.emplace(arguments.dose);
  std::optional<OutputFile> html;
  if (!arguments.html.empty()) html.emplace(arguments.html);
  if (!arguments.plot_folder.empty()) require_writable_folder(arguments.plot_folder);

  const Stopwatch reading;
  std::vector<std::string> warnings;
  const Case value = require_case(arguments.plan.case_folder, &warnings);
  context.read_ms = reading.ms();
  const Stopwatch building;
  BuiltPlan plan = build_problem(value, context.plan_options);
  context.build_ms = building.ms();
  tell(plan, warnings, arguments);
  plan.notes.insert(plan.notes.begin(), warnings.begin(), warnings.end());
  if (interrupt.has_heard()) {
    std::cerr << "rtmodel: interrupted before there was a plan; nothing is written\n";
    return kCancelled;
  }

  offer_geometry(value, plan, context.run_options);
  RunResult run;
  {
    ProgressLine progress(arguments.is_quiet, interrupt);
    run = run_plan(plan.problem, context.run_options, progress);
  }
  const bool is_cancelled = run.stop_reason == dh_advisor::StopReason::kCancelled;
  if ((is_cancelled || !run.fault.empty()) && !arguments.keeps_unfinished) return judge(run, arguments);
  const auto result = result_json(value, plan, run, context);
  if (out) {
    out->write(result.dump() + "\n");
    out->commit();
  }
  if (dose) {
    write_dose(*dose, value.grid, body_dose(value, plan, run.final_weights, context.plan_options.threads));
    dose->commit();
  }
  if (html) {
    std::string problem;
    html->write(html_report(result, problem));
    html->commit();
    if (!problem.empty()) std::cerr << "rtmodel: " << problem << "\n";
  }
  if (!arguments.is_quiet) print_summary(result);
  if (!arguments.plot_folder.empty()) {
    const auto report = draw_plots({result}, arguments.plot_folder);
    if (!report.problem.empty()) std::cerr << "rtmodel: " << report.problem << "\n";
  }
  return judge(run, arguments);
}

void add_optimize(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("optimize", "Optimizes a plan, with or without an advisor");
  auto arguments = std::make_shared<OptimizeArguments>();
  arguments->plan.add_to(*command);
  arguments->run.add_to(*command);
  command->add_option("--out", arguments->out, "Result file, JSON; see docs/result-format.md");
  command->add_option("--dose", arguments->dose,
                      "File for the dose in the whole body, Gy, gzipped NIfTI-1 on the grid of the case");
  command->add_option("--html", arguments->html,
                      "File for a report to read and print: figures, pictures, advice and where it came from");
  command->add_option("--plot", arguments->plot_folder, "Folder for pictures; made when needed");
  command->add_option("--label", arguments->label, "Name of the result in pictures");
  command->add_flag("--quiet", arguments->is_quiet, "No warnings, notes, progress or summary");
  command->add_flag("--require-advice", arguments->requires_advice,
                    "Exit with 5 when advice was missing: no session, one that ended early, or advice switched off");
  command->callback([arguments, &exit_code] { exit_code = optimize(*arguments); });
}

}  // namespace rtmodel::cli
