#pragma once

#include <cstddef>
#include <filesystem>

/// Calls on open files that POSIX and Windows name differently. Files are binary and are not inherited by programs that
/// are started. Each returns a negative number and sets `errno` when it fails. Thread-safe.
namespace rtmodel::descriptor {

/// Does not wait for a pipe's other end.
int open_to_read(const std::filesystem::path& file);
/// Makes the file, or empties it, unless `is_there_already`.
int open_to_write(const std::filesystem::path& file, bool is_there_already);
/// Bytes read; 0 at the end.
long long read(int descriptor, char* bytes, std::size_t most);
/// Bytes written, maybe fewer than given.
long long write(int descriptor, const char* bytes, std::size_t count);
/// Waits until all is on the disk.
int flush(int descriptor);
int duplicate(int descriptor);
int close(int descriptor);

enum class Kind { kRegular, kFolder, kOther, kUnknown };
/// Of an open file; kUnknown with `errno` when it can't be said.
Kind kind_of(int descriptor);

/// Whether an existing file may be written by this user.
bool may_write(const std::filesystem::path& file);
/// Brings a folder's new names to the disk, where the system knows such a thing.
void flush_folder(const std::filesystem::path& folder);

}  // namespace rtmodel::descriptor
