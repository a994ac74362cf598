#include "files/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "case/finding.h"
#include "files/text.h"

namespace rtmodel {
namespace {

namespace fs = std::filesystem;

std::string reason_of(int code) {
  switch (code) {
    case ENOENT:
    case ENOTDIR:
      return "its folder does not exist; make it, or name another";
    case EACCES:
    case EPERM:
    case EROFS:
      return "permission denied; name a file in a folder of yours";
    case EISDIR:
      return "it is a folder; name a file";
    case ENOSPC:
    case EDQUOT:
      return "the disk is full; make room, or name a file on another disk";
    case ENAMETOOLONG:
      return "its name is too long; give one of at most 250 letters";
    default:
      return std::string(std::strerror(code)) + "; check the folder and the disk";
  }
}

[[noreturn]] void fail_on(const fs::path& file, int code) {
  throw InputError(quotable(file.string()) + ": can't be written: " + reason_of(code));
}

/// The file behind links, so that a link stays one.
fs::path target_of(const fs::path& file) {
  std::error_code fault;
  const fs::path target = fs::canonical(file, fault);
  return fault ? file : target;
}

}  // namespace

OutputFile::OutputFile(const fs::path& file) : file_(target_of(file)) {
  struct stat about {};
  const bool is_there = stat(file_.c_str(), &about) == 0;
  if (!is_there && errno != ENOENT) fail(errno);
  if (is_there && S_ISDIR(about.st_mode)) fail(EISDIR);
  is_in_place_ = is_there && !S_ISREG(about.st_mode);
  // Renaming would get round the protection of the file itself.
  if (is_there && access(file_.c_str(), W_OK) != 0) fail(errno);
  part_ = file_;
  if (!is_in_place_) part_ += ".part";
  const int flags = O_WRONLY | O_CLOEXEC | (is_in_place_ ? 0 : O_CREAT | O_TRUNC);
  descriptor_ = open(part_.c_str(), flags, 0666);
  if (descriptor_ < 0) fail(errno);
}

OutputFile::~OutputFile() { discard(); }

void OutputFile::fail(int code) const { fail_on(file_, code); }

void OutputFile::discard() {
  if (descriptor_ < 0) return;
  close(std::exchange(descriptor_, -1));
  if (!is_in_place_) unlink(part_.c_str());
}

void OutputFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void OutputFile::commit() {
  if (is_in_place_) {
    close(std::exchange(descriptor_, -1));
    return;
  }
  if (fsync(descriptor_) != 0) fail(errno);
  if (rename(part_.c_str(), file_.c_str()) != 0) fail(errno);
  // Some file systems tell only here that what was written did not arrive.
  if (close(std::exchange(descriptor_, -1)) != 0) fail(errno);
  fs::path folder = file_.parent_path();
  if (folder.empty()) folder = ".";
  const int opened = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return;
  // The new name is on the disk only with its folder; a file system that knows no such thing loses nothing here.
  fsync(opened);
  close(opened);
}

void write_text_file(const fs::path& file, std::string_view text) {
  OutputFile output(file);
  output.write(text);
  output.commit();
}

void require_writable_folder(const fs::path& folder) {
  std::error_code fault;
  fs::create_directories(folder, fault);
  if (fault) throw InputError(quotable(folder.string()) + ": can't be made: " + reason_of(fault.value()));
  if (!fs::is_directory(folder, fault)) throw InputError(quotable(folder.string()) + ": is no folder; name another");
  // An attempt says more than permissions do: read-only disks, quotas, full disks.
  OutputFile attempt(folder / ".rtmodel-attempt");
}

}  // namespace rtmodel
