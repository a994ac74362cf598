#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace rtmodel {

/// A file that has its name only when it is whole. It is opened, as `FILE.part` in the same folder, before the work
/// whose outcome it is to hold, so that an output that can't be written costs no work; `commit` gives it its name. What
/// stood under the name before stays until then, and for good when the work fails. Devices and pipes, such as
/// `/dev/stdout`, are written as they are. One thread.
class OutputFile {
 public:
  /// Throws InputError that says what is wrong, where, and how to fix it.
  explicit OutputFile(const std::filesystem::path& file);
  /// Without `commit`: removes `FILE.part`.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Throws InputError when there is no room.
  void write(std::string_view bytes);
  /// Brings all to the disk and gives the file its name. Throws InputError.
  void commit();
  /// For libraries that write by themselves; belongs to this object.
  int descriptor() const { return descriptor_; }

 private:
  [[noreturn]] void fail(int code) const;
  void discard();

  std::filesystem::path file_, part_;
  int descriptor_ = -1;
  bool is_in_place_ = false;
};

/// Writes a whole file, or leaves the one before as it is. Throws InputError.
void write_text_file(const std::filesystem::path& file, std::string_view text);

/// Makes a folder, and those above it, and checks that files can be made in it. Throws InputError.
void require_writable_folder(const std::filesystem::path& folder);

}  // namespace rtmodel
