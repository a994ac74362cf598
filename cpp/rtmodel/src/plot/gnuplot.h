#pragma once

#include <filesystem>
#include <string>

namespace rtmodel {

/// The gnuplot variable that names the picture a script writes, where it is set.
inline constexpr const char* kPictureVariable = "picture_file";

/// A text as a gnuplot string: quoted, without enhanced-text marks.
std::string gnuplot_text(const std::string& text);

/// Runs `program` on `NAME.gp` inside `folder`, which then has `NAME.png`, whole. Empty on success, else why it failed.
std::string run_gnuplot(const std::string& program, const std::filesystem::path& folder, const std::string& name);

}  // namespace rtmodel
