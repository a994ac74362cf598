#include "plot/gnuplot.h"

#include <spawn.h>
#include <sys/wait.h>

#include <cstring>

extern char** environ;

namespace rtmodel {

std::string gnuplot_text(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : c == '\n' ? std::string(" ") : std::string(1, c);
  return quoted + "'";
}

std::string run_gnuplot(const std::string& program, const std::filesystem::path& folder, const std::string& name) {
  const std::string script = name + ".gp", picture = name + ".png", part = picture + ".part";
  // Started without a shell and inside the folder, so that no name needs quoting.
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  std::string arguments_of[] = {program, "-e", std::string(kPictureVariable) + "='" + part + "'", script};
  char* arguments[] = {arguments_of[0].data(), arguments_of[1].data(), arguments_of[2].data(), arguments_of[3].data(),
                       nullptr};
  pid_t child = 0;
  const int fault = posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (fault != 0)
    return "no pictures: " + program + " can't be started (" + std::strerror(fault) +
           "); install gnuplot and run `gnuplot " + script + "` in " + folder.string();
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return "no picture: " + program + " failed on " + (folder / script).string();
  // Under its name only when it is whole: a picture from before stays until then.
  std::error_code unnamed;
  std::filesystem::rename(folder / part, folder / picture, unnamed);
  return unnamed ? "no picture: " + program + " wrote none for " + (folder / script).string() : "";
}

}  // namespace rtmodel
