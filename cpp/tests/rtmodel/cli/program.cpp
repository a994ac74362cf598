#include "rtmodel/cli/program.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

namespace rtmodel::testing {

ProgramRun run_program(const std::string& arguments, const std::string& interrupt_at, int signal) {
  const std::string command = "exec '" RTMODEL_PROGRAM "' " + arguments;
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
  }
  close(ends[1]);
  ProgramRun run;
  bool is_interrupted = interrupt_at.empty();
  std::array<char, 4096> buffer;
  ssize_t count = 0;
  while ((count = read(ends[0], buffer.data(), buffer.size())) > 0) {
    run.output.append(buffer.data(), static_cast<std::size_t>(count));
    if (is_interrupted || run.output.find(interrupt_at) == std::string::npos) continue;
    kill(child, signal);
    is_interrupted = true;
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return run;
}

}  // namespace rtmodel::testing
