#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "files/descriptor.h"

namespace rtmodel::descriptor {
namespace {

namespace fs = std::filesystem;

constexpr int kFlags = _O_BINARY | _O_NOINHERIT;
// What the C runtime takes at once.
constexpr std::size_t kMostAtOnce = std::size_t{1} << 30;

/// Windows says "permission denied" of a folder.
bool refuses_folder(const fs::path& file) {
  std::error_code unknown;
  if (!fs::is_directory(file, unknown)) return false;
  errno = EISDIR;
  return true;
}

int open_with(const fs::path& file, int flags) {
  int descriptor = -1;
  const int fault = _wsopen_s(&descriptor, file.c_str(), flags | kFlags, _SH_DENYNO, _S_IREAD | _S_IWRITE);
  if (fault == 0) return descriptor;
  errno = fault;
  return -1;
}

}  // namespace

int open_to_read(const fs::path& file) { return refuses_folder(file) ? -1 : open_with(file, _O_RDONLY); }

int open_to_write(const fs::path& file, bool is_there_already) {
  return refuses_folder(file) ? -1 : open_with(file, _O_WRONLY | (is_there_already ? 0 : _O_CREAT | _O_TRUNC));
}

long long read(int descriptor, char* bytes, std::size_t most) {
  return _read(descriptor, bytes, static_cast<unsigned>(std::min(most, kMostAtOnce)));
}

long long write(int descriptor, const char* bytes, std::size_t count) {
  return _write(descriptor, bytes, static_cast<unsigned>(std::min(count, kMostAtOnce)));
}

int flush(int descriptor) { return _commit(descriptor); }
int duplicate(int descriptor) { return _dup(descriptor); }
int close(int descriptor) { return _close(descriptor); }

Kind kind_of(int descriptor) {
  struct _stat64 about {};
  if (_fstat64(descriptor, &about) != 0) return Kind::kUnknown;
  if ((about.st_mode & _S_IFMT) == _S_IFDIR) return Kind::kFolder;
  return (about.st_mode & _S_IFMT) == _S_IFREG ? Kind::kRegular : Kind::kOther;
}

bool may_write(const fs::path& file) { return _waccess(file.c_str(), 2) == 0; }

void flush_folder(const fs::path&) {}

}  // namespace rtmodel::descriptor
#endif
