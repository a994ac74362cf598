#include "files/input_file.h"

#include <gtest/gtest.h>
#ifndef _WIN32
#include <sys/stat.h>
#endif

#include "case/finding.h"
#include "files/text.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {
namespace {

std::string fault_of(const std::filesystem::path& file) {
  try {
    read_text_file(file, "give a text");
  } catch (const InputError& fault) {
    return fault.what();
  }
  return "none";
}

TEST(InputFile, ReadsRegularFilesInUtf8) {
  const TemporaryFolder folder;
  write_file(folder.path() / "good", "\xEF\xBB\xBFR\u00fcckenmark\n");
  EXPECT_EQ(read_text_file(folder.path() / "good", ""), "R\u00fcckenmark\n");
}

TEST(InputFile, SaysWhatIsNoTextFile) {
  const TemporaryFolder folder;
  EXPECT_TRUE(contains(fault_of(folder.path() / "no"), "no: can't be read: there is no such file; give a text"));
  EXPECT_TRUE(contains(fault_of(folder.path()), "is a folder; name a file"));
#ifndef _WIN32
  EXPECT_TRUE(contains(fault_of("/dev/zero"), "is a pipe or a device"));
  EXPECT_TRUE(contains(fault_of(folder.path() / std::string(5000, 'x')), "its name is too long"));
  ASSERT_EQ(mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  EXPECT_TRUE(contains(fault_of(folder.path() / "pipe"), "is a pipe or a device")) << "and does not wait for a writer";
#endif
  write_file(folder.path() / "latin",
             "one\ntwo R\xFC"
             "ckenmark\n");
  EXPECT_TRUE(contains(fault_of(folder.path() / "latin"), "is not UTF-8: line 2 has the byte 0xFC"));
  write_file(folder.path() / "huge", std::string((16U << 20) + 1, 'x'));
  EXPECT_TRUE(contains(fault_of(folder.path() / "huge"), "has more than 16 MiB"));
}

TEST(Text, KnowsUtf8) {
  for (const char* good : {"", "abc", "\u00fc", "\u20ac", "\U0001F600"}) EXPECT_FALSE(first_bad_utf8(good)) << good;
  EXPECT_EQ(first_bad_utf8("ab\xFC"), 2u);
  EXPECT_EQ(first_bad_utf8("\xC0\x80"), 0u) << "overlong";
  EXPECT_EQ(first_bad_utf8("\xED\xA0\x80"), 0u) << "surrogate";
  EXPECT_EQ(first_bad_utf8("\xF4\x90\x80\x80"), 0u) << "beyond Unicode";
  EXPECT_EQ(first_bad_utf8("x\xE2\x82"), 1u) << "cut off";
}

TEST(Text, KnowsWhatIsNoName) {
  EXPECT_EQ(fault_of_name("R\u00fcckenmark links"), "");
  EXPECT_TRUE(contains(fault_of_name("Core\nleft"), "has a control character, such as a line break or tab (byte 5)"));
  EXPECT_TRUE(contains(fault_of_name("a\u0085"), "control character"));
  EXPECT_TRUE(contains(fault_of_name("a\u2028"), "control character"));
  EXPECT_TRUE(contains(fault_of_name("R\xFC"), "is not UTF-8 (byte 2)"));
  EXPECT_TRUE(contains(fault_of_name(std::string(257, 'x')), "has 257 bytes, more than 256"));
}

TEST(Text, QuotesWithoutHarm) {
  EXPECT_EQ(quotable("a\nb\xFC\u00fc"), "a\\x0ab\\xfc\u00fc");
  EXPECT_LT(quotable(std::string(5000, 'x')).size(), 300u);
}

}  // namespace
}  // namespace rtmodel::testing
