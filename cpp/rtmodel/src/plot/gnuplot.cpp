#include "plot/gnuplot.h"

#include "plot/start_program.h"

namespace rtmodel {

std::string gnuplot_text(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : c == '\n' ? std::string(" ") : std::string(1, c);
  return quoted + "'";
}

std::string run_gnuplot(const std::string& program, const std::filesystem::path& folder, const std::string& name) {
  const std::string script = name + ".gp", picture = name + ".png", part = picture + ".part";
  const ProgramEnd end =
      run_program(program, {"-e", std::string(kPictureVariable) + "='" + part + "'", script}, folder);
  if (!end.why_not_started.empty())
    return "no pictures: " + program + " can't be started (" + end.why_not_started +
           "); install gnuplot and run `gnuplot " + script + "` in " + folder.string();
  if (end.exit_code != 0) return "no picture: " + program + " failed on " + (folder / script).string();
  // Under its name only when it is whole: a picture from before stays until then.
  std::error_code unnamed;
  std::filesystem::rename(folder / part, folder / picture, unnamed);
  return unnamed ? "no picture: " + program + " wrote none for " + (folder / script).string() : "";
}

}  // namespace rtmodel
