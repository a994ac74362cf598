#include <algorithm>
#include <csignal>
#include <iomanip>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "advisor_probe.h"
#include "case/finding.h"
#include "collect_cases.h"
#include "collect_processes.h"
#include "collect_progress.h"
#include "collect_variants.h"
#include "commands.h"
#include "files/input_file.h"
#include "files/output_file.h"
#include "files/text.h"
#include "guard.h"
#include "interrupt.h"
#include "optimize.h"
#include "plot/result_file.h"

namespace rtmodel::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kPollMs = 200;
// Collecting is about whole recordings, not about speed: late answers would end a session.
constexpr int kIterationDeadlineMs = 5000;
constexpr int kStartDeadlineMs = 30000;
constexpr const char* kOptionsFile = "collect.ini";

struct Arguments {
  OptimizeArguments optimize;
  std::string cases_folder;
  std::string out_folder;
  std::size_t jobs = 1;
  bool with_all = false;
  bool without_advice_too = false;

  bool needs_sessions() const {
    const RunArguments& run = optimize.run;
    return !run.advisor.empty() && run.advice_mode != "off" && !without_advice_too;
  }
  std::vector<std::string> variants;
};

/// One plan to make.
struct Job {
  std::string name;
  fs::path result;
  OptimizeArguments arguments;
};

Job make_job(const Arguments& arguments, const CollectCase& value, const CollectVariant& variant) {
  Job job;
  job.name = variant.name.empty() ? value.name : value.name + "@" + variant.name;
  job.result = fs::path(arguments.out_folder) / (job.name + ".json");
  job.arguments = arguments.optimize;
  variant.apply_to(job.arguments);
  job.arguments.plan.case_folder = value.folder.string();
  job.arguments.out = job.result.string();
  job.arguments.is_quiet = true;
  job.arguments.tells_warnings = true;
  // Made again by the next call, and then to its end.
  job.arguments.keeps_unfinished = false;
  RunArguments& run = job.arguments.run;
  run.plan_key = job.name;
  // Every variant of a case is the same patient's.
  run.patient_key = value.name;
  run.may_record = !run.advisor.empty();
  return job;
}

/// Results of other options must not be taken for results of these.
void check_options(const fs::path& folder, const std::string& options) {
  const fs::path file = folder / kOptionsFile;
  std::error_code fault;
  if (!fs::exists(file, fault)) return write_text_file(file, options);
  if (read_text_file(file, "name another folder") != options)
    throw InputError(quotable(folder.string()) + ": holds results of other options (" + kOptionsFile +
                     "); take another folder, or the same options");
}

/// What a failed plan said last, without the program's name.
std::string last_words(const std::string& output) {
  constexpr const char* kBlank = " \n\r";
  const auto end = output.find_last_not_of(kBlank);
  if (end == std::string::npos) return "said nothing";
  const auto line_end = output.find_last_of('\n', end);
  std::string line = output.substr(line_end == std::string::npos ? 0 : line_end + 1, end - line_end);
  line.erase(0, line.find_first_not_of(kBlank));
  const std::string name = "rtmodel: ";
  return line.rfind(name, 0) == 0 ? line.substr(name.size()) : line;
}

/// A result of a plan that asked an advisor and got no session for it: worth making again.
bool lacks_session(const fs::path& result) {
  FileFault fault;
  const auto root =
      nlohmann::json::parse(read_text_file(result, fault, kMostResultBytes), nullptr, /*allow_exceptions=*/false);
  if (!root.is_object() || !root.contains("advice") || !root["advice"].is_object()) return false;
  const auto& advice = root["advice"];
  return advice.value("was_asked", false) && advice.value("status", "") != "ok";
}

/// Refuses what would make every plan fail.
void check_variants(const Arguments& arguments, const std::vector<CollectVariant>& variants) {
  for (const CollectVariant& variant : variants) {
    OptimizeArguments probe = arguments.optimize;
    variant.apply_to(probe);
    probe.plan.plan_options();
    probe.run.run_options(probe.plan.fidelity_kind(), probe.plan.threads);
  }
}

class Collection {
 public:
  Collection(std::vector<Job> jobs, std::size_t width, bool needs_sessions)
      : jobs_(std::move(jobs)), width_(width), needs_sessions_(needs_sessions), progress_(jobs_.size()) {}

  /// Makes every plan, or as many as an interrupt leaves time for.
  void run() {
    std::size_t next = 0;
    bool has_passed_on = false;
    while (next < jobs_.size() || pool_.running() > 0) {
      if (next < jobs_.size() && needs_sessions_ && without_session_ > 0 && without_session_ == planned_) {
        progress_.say("the advisor gave no session to any plan so far: no more are made");
        next = jobs_.size();
      }
      if (is_interrupted() && !has_passed_on) {
        progress_.say("interrupted: running plans end, finished ones are kept");
        pool_.signal_all(SIGINT);
        next = jobs_.size();
        has_passed_on = true;
      }
      while (!is_interrupted() && next < jobs_.size() && pool_.running() < width_) start(next++);
      for (const ProcessEnd& end : pool_.wait(kPollMs)) finish(end);
      progress_.show(pool_.running());
    }
  }

  bool is_interrupted() const { return interrupt_.has_heard(); }
  std::size_t planned() const { return planned_; }
  std::size_t without_session() const { return without_session_; }
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  void start(std::size_t index) {
    const Job& job = jobs_[index];
    require_writable_folder(job.result.parent_path());
    pool_.start(index, [&job] { return guarded([&job] { return optimize(job.arguments); }); });
  }

  void finish(const ProcessEnd& end) {
    const Job& job = jobs_[end.job];
    if (end.exit_code == kSuccess) {
      note(job, end.output);
      return;
    }
    // Of a process that could not tidy up itself.
    std::error_code ignored;
    fs::remove(fs::path(job.result) += ".part", ignored);
    if (is_interrupted()) return;
    const std::string why =
        end.exit_code < 0 ? "ended by signal " + std::to_string(-end.exit_code) : last_words(end.output);
    failures_.push_back(job.name + ": " + why);
    progress_.ended(false, failures_.back());
  }

  void note(const Job& job, const std::string& output) {
    const auto result = nlohmann::json::parse(read_text_file(job.result, "plan the case again", kMostResultBytes));
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);)
      if (line.rfind("warning: ", 0) == 0) progress_.say(job.name + ": " + line);
    planned_ += 1;
    const bool has_session = job.arguments.run.advisor.empty() || result["advice"]["status"] == "ok";
    if (!has_session) without_session_ += 1;
    std::ostringstream line;
    line << job.name << ": F_ref " << std::setprecision(6) << result["reference_objective"].get<double>() << ", "
         << std::setprecision(3) << result["total"]["total_ms"].get<double>() / 1000.0 << " s"
         << (has_session ? "" : ", advice " + result["advice"]["status"].get<std::string>());
    progress_.ended(true, line.str());
  }

  const std::vector<Job> jobs_;
  const std::size_t width_;
  const bool needs_sessions_;
  const InterruptWatch interrupt_;
  ProcessPool pool_;
  CollectProgress progress_;
  std::vector<std::string> failures_;
  std::size_t planned_ = 0;
  std::size_t without_session_ = 0;
};

int collect(const Arguments& arguments, const std::string& options) {
  const auto variants = read_variants(arguments.variants);
  check_variants(arguments, variants);
  std::vector<Job> jobs;
  std::size_t there = 0, unplannable = 0;
  const auto cases = find_cases(arguments.cases_folder);
  for (const CollectCase& value : cases) {
    if (!value.is_plannable && !arguments.with_all) {
      unplannable += 1;
      continue;
    }
    for (const CollectVariant& variant : variants) {
      Job job = make_job(arguments, value, variant);
      std::error_code fault;
      if (fs::exists(job.result, fault) && !(arguments.needs_sessions() && lacks_session(job.result))) {
        there += 1;
      } else {
        jobs.push_back(std::move(job));
      }
    }
  }
  require_writable_folder(arguments.out_folder);
  check_options(arguments.out_folder, options);
  if (arguments.needs_sessions() && !jobs.empty()) require_listener(arguments.optimize.run.advisor);
  Collection collection(std::move(jobs), arguments.jobs, arguments.needs_sessions());
  collection.run();
  const auto& failures = collection.failures();
  std::cout << cases.size() << " cases: " << collection.planned() << " planned, " << there << " already there, "
            << unplannable << " not plannable, " << failures.size() << " failed\n";
  const std::size_t without_session = collection.without_session();
  if (without_session > 0)
    std::cout << without_session << " planned without a whole session of the advisor; their results say why\n";
  for (const auto& failure : failures) std::cerr << "rtmodel: " << failure << "\n";
  if (collection.is_interrupted()) return kCancelled;
  if (!failures.empty()) return kBadInput;
  return without_session > 0 && arguments.needs_sessions() ? kNoAdvice : kSuccess;
}

/// The options that shape a result, one a line.
std::string shaping_options(const CLI::App& command) {
  std::istringstream all(command.config_to_str(/*default_also=*/true));
  std::string kept;
  for (std::string line; std::getline(all, line);) {
    const std::string key = line.substr(0, line.find('='));
    const bool is_how = key == "jobs" || key == "all" || key == "variants" || key == "out" || key == "CASES" ||
                        key == "without-advice-too" || key.rfind("advisor", 0) == 0 || key == "threads" ||
                        key == "advice-wait-share" || key == "memory-limit-gb" ||
                        key.find("deadline") != std::string::npos;
    if (!is_how && !line.empty()) kept += line + "\n";
  }
  return kept;
}

}  // namespace

void add_collect(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("collect", "Plans many cases, each in a process of its own; goes on where it was");
  auto arguments = std::make_shared<Arguments>();
  RunArguments& run = arguments->optimize.run;
  run.iteration_deadline_ms = kIterationDeadlineMs;
  run.start_deadline_ms = kStartDeadlineMs;
  arguments->optimize.plan.threads = 1;
  command->add_option("CASES", arguments->cases_folder, "Folder with cases in it, at any depth")->required();
  command->add_option("--out", arguments->out_folder, "Folder for the results, CASE.json each; made when needed")
      ->required();
  command->add_option("--jobs", arguments->jobs, "Plans made at once")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_flag("--all", arguments->with_all, "Plan also the cases whose quality.plannable is false");
  command->add_flag(
      "--without-advice-too", arguments->without_advice_too,
      "Plan also where the advisor is not there; without this it is asked for before anything is planned");
  command
      ->add_option("--variants", arguments->variants,
                   "Plan every case in these ways, KEY=VALUE joined by +, such as beams=7 beams=9+solver=lbfgs")
      ->delimiter(',');
  arguments->optimize.plan.add_options_to(*command);
  run.add_to(*command);
  // These are one plan's; a collection gives every plan its own, and lets the advisor record it.
  for (const char* of_one_plan : {"--start-from", "--plan-key", "--patient-key", "--may-record"})
    command->remove_option(command->get_option(of_one_plan));
  command->callback([arguments, command, &exit_code] { exit_code = collect(*arguments, shaping_options(*command)); });
}

}  // namespace rtmodel::cli
