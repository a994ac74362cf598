#pragma once

#include <filesystem>
#include <string>

namespace rtmodel {

/// Writes a text file. Throws InputError when it can't.
void write_text(const std::filesystem::path& file, const std::string& text);

/// A text as a gnuplot string: quoted, without enhanced-text marks.
std::string gnuplot_text(const std::string& text);

/// Runs `program` on `script` inside `folder`. Empty on success, else why it failed.
std::string run_gnuplot(const std::string& program, const std::filesystem::path& folder, const std::string& script);

}  // namespace rtmodel
