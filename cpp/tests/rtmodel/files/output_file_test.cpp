#include "files/output_file.h"

#include <gtest/gtest.h>

#include "case/finding.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {
namespace {

namespace fs = std::filesystem;

std::string fault_of(const fs::path& file) {
  try {
    OutputFile output(file);
  } catch (const InputError& fault) {
    return fault.what();
  }
  return "none";
}

std::size_t count_files(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(OutputFile, HasItsNameOnlyWhenItIsWhole) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "result.json";
  write_file(file, "before");
  {
    OutputFile output(file);
    output.write("half of it");
    EXPECT_EQ(read_file(file), "before");
    EXPECT_TRUE(fs::exists(folder.path() / "result.json.part"));
  }
  EXPECT_EQ(read_file(file), "before") << "the work failed";
  EXPECT_EQ(count_files(folder.path()), 1u) << "and left nothing behind";
  OutputFile output(file);
  output.write("all ");
  output.write("of it");
  output.commit();
  EXPECT_EQ(read_file(file), "all of it");
  EXPECT_EQ(count_files(folder.path()), 1u);
}

TEST(OutputFile, SaysBeforeTheWorkWhatCantBeWritten) {
  const TemporaryFolder folder;
  EXPECT_TRUE(
      contains(fault_of(folder.path() / "no" / "x.json"), "x.json: can't be written: its folder does not exist"));
  EXPECT_TRUE(contains(fault_of(folder.path()), "it is a folder; name a file"));
#ifndef _WIN32
  EXPECT_TRUE(contains(fault_of(folder.path() / std::string(5000, 'x')), "its name is too long"));
#endif
  write_file(folder.path() / "file", "");
  EXPECT_TRUE(contains(fault_of(folder.path() / "file" / "x.json"), "its folder does not exist"));
}

#ifndef _WIN32
TEST(OutputFile, KeepsLinksAndWritesIntoPipes) {
  const TemporaryFolder folder;
  write_file(folder.path() / "real", "before");
  fs::create_symlink("real", folder.path() / "link");
  write_text_file(folder.path() / "link", "after");
  EXPECT_TRUE(fs::is_symlink(folder.path() / "link"));
  EXPECT_EQ(read_file(folder.path() / "real"), "after");
  // A rename over a device would replace it.
  write_text_file("/dev/null", "gone");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(OutputFile, SaysWhenTheDiskIsFull) {
  OutputFile full("/dev/full");
  try {
    full.write("x");
    FAIL() << "no error";
  } catch (const InputError& fault) {
    EXPECT_TRUE(contains(fault.what(), "the disk is full; make room"));
  }
}

#endif

TEST(RequireWritableFolder, MakesItOrSaysWhy) {
  const TemporaryFolder folder;
  require_writable_folder(folder.path() / "a" / "b");
  EXPECT_TRUE(fs::is_directory(folder.path() / "a" / "b"));
  EXPECT_EQ(count_files(folder.path() / "a" / "b"), 0u);
  write_file(folder.path() / "file", "");
  EXPECT_THROW(require_writable_folder(folder.path() / "file"), InputError);
  EXPECT_THROW(require_writable_folder(folder.path() / "file" / "below"), InputError);
  EXPECT_THROW(require_writable_folder(folder.path() / std::string(5000, 'x')), InputError);
}

}  // namespace
}  // namespace rtmodel::testing
