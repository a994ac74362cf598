#include <algorithm>
#include <csignal>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "case/finding.h"
#include "collect_cases.h"
#include "collect_processes.h"
#include "collect_progress.h"
#include "collect_variants.h"
#include "commands.h"
#include "guard.h"
#include "optimize.h"

namespace rtmodel::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kPollMs = 200;
// Collecting is about whole recordings, not about speed: late answers would end a session.
constexpr int kIterationDeadlineMs = 5000;
constexpr int kStartDeadlineMs = 30000;
constexpr const char* kOptionsFile = "collect.ini";

volatile std::sig_atomic_t is_interrupted = 0;

void on_interrupt(int) {
  is_interrupted = 1;
  std::signal(SIGINT, SIG_DFL);
}

struct Arguments {
  OptimizeArguments optimize;
  std::string cases_folder;
  std::string out_folder;
  std::size_t jobs = 1;
  bool with_all = false;
  std::vector<std::string> variants;
};

/// One plan to make.
struct Job {
  std::string name;
  fs::path result;
  OptimizeArguments arguments;

  fs::path unfinished() const { return fs::path(result) += ".part"; }
};

Job make_job(const Arguments& arguments, const CollectCase& value, const CollectVariant& variant) {
  Job job;
  job.name = variant.name.empty() ? value.name : value.name + "@" + variant.name;
  job.result = fs::path(arguments.out_folder) / (job.name + ".json");
  job.arguments = arguments.optimize;
  variant.apply_to(job.arguments);
  job.arguments.plan.case_folder = value.folder.string();
  job.arguments.out = job.unfinished().string();
  job.arguments.is_quiet = true;
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
  std::ifstream kept(file);
  if (!kept) {
    std::ofstream made(file);
    made << options;
    if (!made.flush()) throw InputError(file.string() + ": can't be written; check that its folder has room");
    return;
  }
  const std::string before{std::istreambuf_iterator<char>(kept), {}};
  if (before != options)
    throw InputError(folder.string() + ": holds results of other options (" + kOptionsFile +
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

/// Refuses what would make every plan fail.
void check_variants(const Arguments& arguments, const std::vector<CollectVariant>& variants) {
  for (const CollectVariant& variant : variants) {
    OptimizeArguments probe = arguments.optimize;
    variant.apply_to(probe);
    probe.plan.plan_options();
    probe.run.run_options(probe.plan.threads);
  }
}

class Collection {
 public:
  Collection(std::vector<Job> jobs, std::size_t width)
      : jobs_(std::move(jobs)), width_(width), progress_(jobs_.size()) {}

  /// Makes every plan, or as many as an interrupt leaves time for.
  void run() {
    std::size_t next = 0;
    bool has_passed_on = false;
    while (next < jobs_.size() || pool_.running() > 0) {
      if (is_interrupted && !has_passed_on) {
        progress_.say("interrupted: running plans end, finished ones are kept");
        pool_.signal_all(SIGINT);
        next = jobs_.size();
        has_passed_on = true;
      }
      while (!is_interrupted && next < jobs_.size() && pool_.running() < width_) start(next++);
      for (const ProcessEnd& end : pool_.wait(kPollMs)) finish(end);
      progress_.show(pool_.running());
    }
  }

  std::size_t planned() const { return planned_; }
  std::size_t without_session() const { return without_session_; }
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  void start(std::size_t index) {
    const Job& job = jobs_[index];
    fs::create_directories(job.result.parent_path());
    pool_.start(index, [&job] { return guarded([&job] { return optimize(job.arguments); }); });
  }

  void finish(const ProcessEnd& end) {
    const Job& job = jobs_[end.job];
    if (end.exit_code == kSuccess) {
      keep(job);
      return;
    }
    std::error_code ignored;
    fs::remove(job.unfinished(), ignored);
    if (is_interrupted) return;
    const std::string why =
        end.exit_code < 0 ? "ended by signal " + std::to_string(-end.exit_code) : last_words(end.output);
    failures_.push_back(job.name + ": " + why);
    progress_.ended(false, failures_.back());
  }

  /// A result has its name only when it is whole.
  void keep(const Job& job) {
    std::ifstream stream(job.unfinished());
    const auto result = nlohmann::json::parse(stream);
    fs::rename(job.unfinished(), job.result);
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
      if (fs::exists(job.result)) {
        there += 1;
      } else {
        jobs.push_back(std::move(job));
      }
    }
  }
  std::error_code fault;
  fs::create_directories(arguments.out_folder, fault);
  if (fault) throw InputError(arguments.out_folder + ": can't be made (" + fault.message() + "); name another folder");
  check_options(arguments.out_folder, options);
  is_interrupted = 0;
  std::signal(SIGINT, on_interrupt);
  std::size_t planned = 0, without_session = 0;
  std::vector<std::string> failures;
  {
    Collection collection(std::move(jobs), arguments.jobs);
    collection.run();
    planned = collection.planned();
    without_session = collection.without_session();
    failures = collection.failures();
  }
  std::signal(SIGINT, SIG_DFL);
  std::cout << cases.size() << " cases: " << planned << " planned, " << there << " already there, " << unplannable
            << " not plannable, " << failures.size() << " failed\n";
  if (without_session > 0)
    std::cout << without_session << " planned without a whole session of the advisor; their results say why\n";
  for (const auto& failure : failures) std::cerr << "rtmodel: " << failure << "\n";
  if (is_interrupted) return kCancelled;
  return failures.empty() ? kSuccess : kBadInput;
}

/// The options that shape a result, one a line.
std::string shaping_options(const CLI::App& command) {
  std::istringstream all(command.config_to_str(/*default_also=*/true));
  std::string kept;
  for (std::string line; std::getline(all, line);) {
    const std::string key = line.substr(0, line.find('='));
    const bool is_how = key == "jobs" || key == "all" || key == "variants" || key == "out" || key == "CASES" ||
                        key == "advisor" || key == "threads" || key == "advice-wait-share" ||
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
