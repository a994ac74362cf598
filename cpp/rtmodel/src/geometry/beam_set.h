#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace rtmodel {

/// IEC 61217 angles, degrees in [0, 360).
struct BeamAngles {
  double gantry_deg = 0.0;
  double couch_deg = 0.0;
};

/// `count` coplanar beams at equal distances, the first at gantry 0. Throws InputError unless count is in [1, 72].
std::vector<BeamAngles> equispaced_beams(int count);

/// Reads YAML or JSON: `beams:` with a list of `{ gantry_deg: 40, couch_deg: 0 }`, couch 0 when left out. Throws
/// InputError with file and line.
std::vector<BeamAngles> read_beams(const std::filesystem::path& file);

/// A number of equispaced beams, or the name of a file.
std::vector<BeamAngles> read_beam_choice(const std::string& number_or_file);

}  // namespace rtmodel
