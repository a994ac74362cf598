#include "rtmodel/support/small_case.h"

#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

#include "phantom/painter.h"

namespace rtmodel::testing {

Case small_case() {
  Painter painter("small", {70.0, 70.0, 50.0}, 5.0);
  painter.body(
      [](const Vector3& p) { return std::abs(p[0]) <= 50.0 && std::abs(p[1]) <= 50.0 && std::abs(p[2]) <= 30.0; });
  painter.target("PTV60", "PTV_6000", 60.0, ellipsoid({0, 0, 0}, {15, 15, 15}));
  painter.target("PTV50", "PTV_5000", 50.0, ellipsoid({0, 0, 0}, {23, 23, 23}));
  painter.organ("SpinalCord", "SpinalCord", cylinder(0.0, 25.0, 7.0, 7.0, -30.0, 30.0));
  return painter.finish();
}

TemporaryFolder::TemporaryFolder() {
  std::random_device random;
  path_ = std::filesystem::temp_directory_path() / ("rtmodel-test-" + std::to_string(random()));
  if (!std::filesystem::create_directory(path_)) throw std::runtime_error("no temporary folder");
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

::testing::AssertionResult contains(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "\"" << part << "\" is not in:\n" << text;
}

void write_file(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

std::string read_file(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace rtmodel::testing
