#include "plot/gnuplot.h"

#include <spawn.h>
#include <sys/wait.h>

#include <cstring>
#include <fstream>

#include "case/finding.h"

extern char** environ;

namespace rtmodel {

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream stream(file);
  stream << text;
  if (!stream.flush())
    throw InputError(file.string() + ": can't be written; check that the folder exists and has room");
}

std::string gnuplot_text(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : c == '\n' ? std::string(" ") : std::string(1, c);
  return quoted + "'";
}

std::string run_gnuplot(const std::string& program, const std::filesystem::path& folder, const std::string& script) {
  // Started without a shell and inside the folder, so that no name needs quoting.
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  std::string name = program, argument = script;
  char* arguments[] = {name.data(), argument.data(), nullptr};
  pid_t child = 0;
  const int fault = posix_spawnp(&child, name.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (fault != 0)
    return "no pictures: " + program + " can't be started (" + std::strerror(fault) +
           "); install gnuplot and run `gnuplot " + script + "` in " + folder.string();
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return "no picture: " + program + " failed on " + (folder / script).string();
  return "";
}

}  // namespace rtmodel
