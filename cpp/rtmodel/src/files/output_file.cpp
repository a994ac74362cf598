#include "files/output_file.h"

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "case/finding.h"
#include "files/descriptor.h"
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
#ifdef EDQUOT
    case EDQUOT:
#endif
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
  std::error_code fault;
  const fs::file_status about = fs::status(file_, fault);
  const bool is_there = fs::exists(about);
  if (!is_there && about.type() != fs::file_type::not_found) fail(fault.default_error_condition().value());
  if (fs::is_directory(about)) fail(EISDIR);
  is_in_place_ = is_there && !fs::is_regular_file(about);
  // Renaming would get round the protection of the file itself.
  if (is_there && !descriptor::may_write(file_)) fail(errno);
  part_ = file_;
  if (!is_in_place_) part_ += ".part";
  descriptor_ = descriptor::open_to_write(part_, is_in_place_);
  if (descriptor_ < 0) fail(errno);
}

OutputFile::~OutputFile() { discard(); }

void OutputFile::fail(int code) const { fail_on(file_, code); }

void OutputFile::discard() {
  if (descriptor_ < 0) return;
  descriptor::close(std::exchange(descriptor_, -1));
  std::error_code gone;
  if (!is_in_place_) fs::remove(part_, gone);
}

void OutputFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const long long count = descriptor::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void OutputFile::commit() {
  if (!is_in_place_ && descriptor::flush(descriptor_) != 0) fail(errno);
  // Before it has its name: some file systems tell only here that what was written did not arrive, and Windows renames
  // no open file.
  const int closed = descriptor::close(std::exchange(descriptor_, -1));
  if (is_in_place_) return;
  std::error_code fault(closed == 0 ? 0 : errno, std::generic_category());
  if (!fault) fs::rename(part_, file_, fault);
  if (fault) {
    std::error_code gone;
    fs::remove(part_, gone);
    fail(fault.default_error_condition().value());
  }
  // The new name is on the disk only with its folder.
  const fs::path folder = file_.parent_path();
  descriptor::flush_folder(folder.empty() ? fs::path(".") : folder);
}

void write_text_file(const fs::path& file, std::string_view text) {
  OutputFile output(file);
  output.write(text);
  output.commit();
}

void require_writable_folder(const fs::path& folder) {
  std::error_code fault;
  fs::create_directories(folder, fault);
  if (fault)
    throw InputError(quotable(folder.string()) +
                     ": can't be made: " + reason_of(fault.default_error_condition().value()));
  if (!fs::is_directory(folder, fault)) throw InputError(quotable(folder.string()) + ": is no folder; name another");
  // An attempt says more than permissions do: read-only disks, quotas, full disks.
  OutputFile attempt(folder / ".rtmodel-attempt");
}

}  // namespace rtmodel
