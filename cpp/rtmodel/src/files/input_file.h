#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace rtmodel {

/// What is wrong with a file and how to fix it; empty when nothing is.
struct FileFault {
  std::string what;
  std::string fix;

  bool is_none() const { return what.empty(); }
};

/// An open regular file. Pipes and devices are refused without waiting for them: they never end or have no size.
class InputFile {
 public:
  explicit InputFile(const std::filesystem::path& file);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  const FileFault& fault() const { return fault_; }
  /// Gives the descriptor away; the caller closes it. -1 when there is a fault.
  int release();
  /// All bytes, at most `most_bytes`. Sets `fault` when there are more or they can't be read.
  std::string read(std::size_t most_bytes);

 private:
  int descriptor_ = -1;
  FileFault fault_;
};

inline constexpr std::size_t kMostTextBytes = 16U << 20;

/// A text file in UTF-8 of at most `most_bytes`. Throws InputError that names the file, what is wrong with it, and how
/// to fix it; `wanted` says what to give instead, such as "give a prescription in YAML".
std::string read_text_file(const std::filesystem::path& file, const std::string& wanted,
                           std::size_t most_bytes = kMostTextBytes);

/// The same without throwing: sets `fault`.
std::string read_text_file(const std::filesystem::path& file, FileFault& fault,
                           std::size_t most_bytes = kMostTextBytes);

}  // namespace rtmodel
