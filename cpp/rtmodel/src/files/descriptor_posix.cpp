#ifndef _WIN32
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/descriptor.h"

namespace rtmodel::descriptor {

int open_to_read(const std::filesystem::path& file) {
  // Without O_NONBLOCK a pipe would be waited for before it can be refused.
  return ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

int open_to_write(const std::filesystem::path& file, bool is_there_already) {
  return ::open(file.c_str(), O_WRONLY | O_CLOEXEC | (is_there_already ? 0 : O_CREAT | O_TRUNC), 0666);
}

long long read(int descriptor, char* bytes, std::size_t most) { return ::read(descriptor, bytes, most); }
long long write(int descriptor, const char* bytes, std::size_t count) { return ::write(descriptor, bytes, count); }
int flush(int descriptor) { return ::fsync(descriptor); }
int duplicate(int descriptor) { return ::dup(descriptor); }
int close(int descriptor) { return ::close(descriptor); }

Kind kind_of(int descriptor) {
  struct stat about {};
  if (::fstat(descriptor, &about) != 0) return Kind::kUnknown;
  if (S_ISDIR(about.st_mode)) return Kind::kFolder;
  return S_ISREG(about.st_mode) ? Kind::kRegular : Kind::kOther;
}

bool may_write(const std::filesystem::path& file) { return ::access(file.c_str(), W_OK) == 0; }

void flush_folder(const std::filesystem::path& folder) {
  const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return;
  // A file system that knows no such thing loses nothing here.
  ::fsync(opened);
  ::close(opened);
}

}  // namespace rtmodel::descriptor
#endif
