#include "collect_processes.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <system_error>

#include "interrupt.h"

namespace rtmodel::cli {
namespace {

constexpr std::size_t kOutputKept = 64 * 1024;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

[[noreturn]] void be_child(int pipe, pid_t parent, const sigset_t& signals, const std::function<int()>& work) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);  // died in between
  // A group of its own: Ctrl-C on the terminal is the parent's, which passes it on once.
  setpgid(0, 0);
  // What the parent ignores, as under nohup, is ignored here, too.
  for (const int signal : InterruptWatch::signals()) {
    struct sigaction inherited {};
    sigaction(signal, nullptr, &inherited);
    if (inherited.sa_handler != SIG_IGN) std::signal(signal, SIG_DFL);
  }
  pthread_sigmask(SIG_SETMASK, &signals, nullptr);
  dup2(pipe, STDOUT_FILENO);
  dup2(pipe, STDERR_FILENO);
  close(pipe);
  const int exit_code = work();
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
  // Not exit: what this process inherited is the parent's to tidy.
  _exit(exit_code);
}

}  // namespace

ProcessPool::~ProcessPool() {
  signal_all(SIGKILL);
  for (const Process& process : processes_) {
    close(process.pipe);
    waitpid(process.pid, nullptr, 0);
  }
}

void ProcessPool::start(std::size_t job, const std::function<int()>& work) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) fail("no pipe");
  std::cout.flush();
  std::fflush(nullptr);
  const pid_t parent = getpid();
  // A signal that reaches the child before it is itself must wait, or the parent's handler would swallow it.
  sigset_t interrupt, signals;
  sigemptyset(&interrupt);
  for (const int signal : InterruptWatch::signals()) sigaddset(&interrupt, signal);
  pthread_sigmask(SIG_BLOCK, &interrupt, &signals);
  const pid_t pid = fork();
  if (pid == 0) be_child(ends[1], parent, signals, work);
  pthread_sigmask(SIG_SETMASK, &signals, nullptr);
  if (pid < 0) fail("no process");
  close(ends[1]);
  processes_.push_back({pid, ends[0], job, {}});
}

std::vector<ProcessEnd> ProcessPool::wait(int timeout_ms) {
  std::vector<pollfd> pipes;
  for (const Process& process : processes_) pipes.push_back({process.pipe, POLLIN, 0});
  // An interrupt ends the wait, which is what the caller wants.
  if (poll(pipes.data(), pipes.size(), timeout_ms) <= 0) return {};
  std::vector<ProcessEnd> ends;
  for (std::size_t i = pipes.size(); i-- > 0;) {
    if (pipes[i].revents == 0) continue;
    Process& process = processes_[i];
    std::array<char, 4096> buffer;
    const ssize_t count = read(process.pipe, buffer.data(), buffer.size());
    if (count > 0) {
      process.output.append(buffer.data(), static_cast<std::size_t>(count));
      // What a process says last tells why it failed.
      if (process.output.size() > 2 * kOutputKept) process.output.erase(0, process.output.size() - kOutputKept);
      continue;
    }
    int status = 0;
    waitpid(process.pid, &status, 0);
    close(process.pipe);
    const int exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    ends.push_back({process.job, exit_code, std::move(process.output)});
    processes_.erase(processes_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return ends;
}

void ProcessPool::signal_all(int signal) const {
  for (const Process& process : processes_) kill(process.pid, signal);
}

}  // namespace rtmodel::cli
