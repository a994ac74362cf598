#include "files/input_file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "case/finding.h"
#include "files/descriptor.h"
#include "files/text.h"

namespace rtmodel {
namespace {

FileFault fault_of_errno(int code) {
  switch (code) {
    case ENOENT:
    case ENOTDIR:
      return {"is missing", "check the name"};
    case ENAMETOOLONG:
      return {"can't be opened: its name is too long", "give a name of at most 255 letters"};
    case EACCES:
    case EPERM:
      return {"can't be read: permission denied", "ask for the right to read it, or copy it"};
    case EISDIR:
      return {"is a folder", "name a file"};
    case ELOOP:
      return {"can't be opened: its links lead in a circle", "name the file itself"};
    default:
      return {std::string("can't be read: ") + std::strerror(code), "check the disk, or copy the file again"};
  }
}

}  // namespace

InputFile::InputFile(const std::filesystem::path& file) {
  descriptor_ = descriptor::open_to_read(file);
  if (descriptor_ < 0) {
    fault_ = fault_of_errno(errno);
    return;
  }
  switch (descriptor::kind_of(descriptor_)) {
    case descriptor::Kind::kRegular:
      return;
    case descriptor::Kind::kFolder:
      fault_ = fault_of_errno(EISDIR);
      break;
    case descriptor::Kind::kOther:
      fault_ = {"is a pipe or a device, not a regular file", "copy its content into a file"};
      break;
    case descriptor::Kind::kUnknown:
      fault_ = fault_of_errno(errno);
      break;
  }
  descriptor::close(release());
}

InputFile::~InputFile() {
  if (descriptor_ >= 0) descriptor::close(descriptor_);
}

int InputFile::release() { return std::exchange(descriptor_, -1); }

std::string InputFile::read(std::size_t most_bytes) {
  std::string bytes;
  if (descriptor_ < 0) return bytes;
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const long long count = descriptor::read(descriptor_, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      fault_ = fault_of_errno(errno);
      return {};
    }
    if (count == 0) return bytes;
    if (bytes.size() + static_cast<std::size_t>(count) > most_bytes) {
      fault_ = {"has more than " + std::to_string(most_bytes >> 20) + " MiB", "check that it is the right file"};
      return {};
    }
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

std::string read_text_file(const std::filesystem::path& file, FileFault& fault, std::size_t most_bytes) {
  InputFile opened(file);
  std::string text = opened.read(most_bytes);
  fault = opened.fault();
  if (!fault.is_none()) return {};
  // Editors on Windows put a mark in front, which is no part of the text.
  if (text.compare(0, 3, "\xEF\xBB\xBF") == 0) text.erase(0, 3);
  const auto bad = first_bad_utf8(text);
  if (!bad) return text;
  char byte[8];
  std::snprintf(byte, sizeof byte, "0x%02X", static_cast<unsigned char>(text[*bad]));
  fault = {"is not UTF-8: line " + std::to_string(line_of(text, *bad)) + " has the byte " + byte,
           "save it as UTF-8, without Latin-1 letters"};
  return {};
}

std::string read_text_file(const std::filesystem::path& file, const std::string& wanted, std::size_t most_bytes) {
  FileFault fault;
  std::string text = read_text_file(file, fault, most_bytes);
  if (fault.is_none()) return text;
  const bool is_missing = fault.what == "is missing";
  throw InputError(quotable(file.string()) + ": " + (is_missing ? "can't be read: there is no such file" : fault.what) +
                   "; " + (is_missing ? wanted : fault.fix));
}

}  // namespace rtmodel
