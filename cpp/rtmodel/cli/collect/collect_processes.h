#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace rtmodel::cli {

/// How a process ended.
struct ProcessEnd {
  std::size_t job = 0;
  int exit_code = -1;  ///< Of the job; negative: ended by that signal.
  std::string output;  ///< Standard output and standard error.
};

/// Runs jobs in processes of their own, so that one that fails, or runs out of memory, costs nobody else anything. The
/// process that calls must not have started threads. One thread.
class ProcessPool {
 public:
  ProcessPool() = default;
  ProcessPool(const ProcessPool&) = delete;
  ProcessPool& operator=(const ProcessPool&) = delete;
  /// Ends what still runs.
  ~ProcessPool();

  std::size_t running() const { return processes_.size(); }

  /// Runs `work` in a new process, which ends with what it returns. Ends with this process, however that ends, and
  /// hears no Ctrl-C of its own. Throws std::system_error when the system gives no process.
  void start(std::size_t job, const std::function<int()>& work);

  /// Waits for ends, at most `timeout_ms`; returns those there are.
  std::vector<ProcessEnd> wait(int timeout_ms);

  /// Sends a signal to all.
  void signal_all(int signal) const;

 private:
  struct Process {
    pid_t pid;
    int pipe;
    std::size_t job;
    std::string output;
  };
  std::vector<Process> processes_;
};

}  // namespace rtmodel::cli
