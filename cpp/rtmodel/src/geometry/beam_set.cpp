#include "geometry/beam_set.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <string>

#include "case/finding.h"
#include "files/input_file.h"
#include "files/text.h"

namespace rtmodel {
namespace {

constexpr int kMostBeams = 72;

[[noreturn]] void fail(const std::filesystem::path& file, const YAML::Mark& mark, const std::string& what) {
  throw InputError(quotable(file.string()) + ":" + std::to_string(std::max(0, mark.line) + 1) + ": " + what);
}

double read_angle(const std::filesystem::path& file, const YAML::Node& beam, const char* key, bool is_needed) {
  const YAML::Node node = beam[key];
  if (!node) {
    if (is_needed) fail(file, beam.Mark(), std::string(key) + " is missing; give degrees in [0, 360)");
    return 0.0;
  }
  try {
    const double angle = node.as<double>();
    if (angle >= 0.0 && angle < 360.0) return angle;
  } catch (const YAML::Exception&) {
  }
  fail(file, node.Mark(), std::string(key) + " is not a number in [0, 360); give degrees, IEC 61217");
}

}  // namespace

std::vector<BeamAngles> equispaced_beams(int count) {
  if (count < 1 || count > kMostBeams)
    throw InputError("beams: " + std::to_string(count) + " is not in [1, " + std::to_string(kMostBeams) + "]");
  std::vector<BeamAngles> beams(count);
  for (int i = 0; i < count; ++i) beams[i].gantry_deg = 360.0 * i / count;
  return beams;
}

std::vector<BeamAngles> read_beams(const std::filesystem::path& file) {
  YAML::Node root;
  try {
    root = YAML::Load(read_text_file(file, "give a number of beams or a file with a list `beams:`"));
  } catch (const YAML::Exception& fault) {
    fail(file, fault.mark, fault.msg);
  }
  if (!root.IsMap() || !root["beams"] || !root["beams"].IsSequence())
    fail(file, root.Mark(), "has no list `beams:`; give entries such as { gantry_deg: 40, couch_deg: 0 }");
  if (root["beams"].size() == 0 || root["beams"].size() > kMostBeams)
    fail(file, root["beams"].Mark(), "has " + std::to_string(root["beams"].size()) + " beams; give 1 to 72");
  std::vector<BeamAngles> beams;
  for (const auto& entry : root["beams"]) {
    if (!entry.IsMap()) fail(file, entry.Mark(), "is not a beam; give { gantry_deg: 40, couch_deg: 0 }");
    for (const auto& field : entry) {
      const auto key = field.first.as<std::string>("");
      if (key != "gantry_deg" && key != "couch_deg")
        fail(file, field.first.Mark(), "unknown key " + quotable(key) + "; a beam has gantry_deg and couch_deg");
    }
    beams.push_back({read_angle(file, entry, "gantry_deg", true), read_angle(file, entry, "couch_deg", false)});
  }
  return beams;
}

std::vector<BeamAngles> read_beam_choice(const std::string& number_or_file) {
  const bool is_number = !number_or_file.empty() && number_or_file.size() < 6 &&
                         number_or_file.find_first_not_of("0123456789") == std::string::npos;
  return is_number ? equispaced_beams(std::stoi(number_or_file)) : read_beams(number_or_file);
}

}  // namespace rtmodel
