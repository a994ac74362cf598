// A case's description, and the head of a volume.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "case/case_description.h"
#include "case/nifti_header.h"
#include "target.h"

namespace {

/// A file without a disk.
class MemoryFile {
 public:
  MemoryFile() : handle_(memfd_create("case.json", 0)) {}
  ~MemoryFile() { close(handle_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(handle_); }
  bool write(const std::uint8_t* data, std::size_t size) const {
    return ftruncate(handle_, 0) == 0 && pwrite(handle_, data, size, 0) == static_cast<ssize_t>(size);
  }

 private:
  int handle_;
};

}  // namespace

std::vector<std::string> seeds() {
  rtmodel::Case value;
  nifti_1_header header{};
  header.sizeof_hdr = 348;
  header.dim[0] = 3;
  header.dim[1] = header.dim[2] = header.dim[3] = 4;
  header.datatype = 4;
  header.bitpix = 16;
  header.vox_offset = 352.0F;
  header.pixdim[1] = header.pixdim[2] = header.pixdim[3] = 2.5F;
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  bytes.replace(344, 4, std::string("n+1\0", 4));
  return {rtmodel::describe(value),
          R"({"format": 1, "id": "x", "structures": [{"name": "PTV70", "role": "target", "prescribed_dose_gy": 70}]})",
          bytes};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const MemoryFile file;
  rtmodel::Findings findings;
  if (file.write(data, size)) {
    const auto description = rtmodel::read_description(file.path(), findings);
    // What was understood can be written again.
    if (description && !findings.has_errors()) rtmodel::describe(description->value);
  }
  rtmodel::read_layout(std::string(reinterpret_cast<const char*>(data), size), "volume", findings);
  for (const auto& finding : findings.list()) finding.text();
  return 0;
}
