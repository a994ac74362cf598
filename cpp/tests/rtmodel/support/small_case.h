#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "case/case.h"

namespace rtmodel::testing {

/// A box of water 100 mm wide, 100 mm deep and 60 mm long on a 5 mm grid with 20 mm of air around: a target ball of 60
/// Gy, a second of 50 Gy around it, an organ that overlaps both, and the body. Isocentre at (0, 0, 0).
Case small_case();

/// An empty folder of its own, removed with all in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Tells both texts when `part` is not in `text`.
::testing::AssertionResult contains(const std::string& text, const std::string& part);

void write_file(const std::filesystem::path& file, const std::string& text);
std::string read_file(const std::filesystem::path& file);

}  // namespace rtmodel::testing
