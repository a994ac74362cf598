#include "case/write_case.h"

#include <fstream>

#include "case/case_description.h"
#include "case/finding.h"
#include "case/nifti_volume.h"

namespace rtmodel {

void write_case(const std::filesystem::path& folder, const Case& value) {
  std::error_code fault;
  std::filesystem::create_directories(folder, fault);
  if (fault) throw InputError(folder.string() + ": can't be made (" + fault.message() + ")");
  write_ct(folder / "ct.nii.gz", value.grid, value.ct_hu);
  write_masks(folder / "structures.nii.gz", value.grid, value.masks);
  std::ofstream stream(folder / "case.json");
  stream << describe(value);
  if (!stream.flush()) throw InputError((folder / "case.json").string() + ": can't be written; check the folder");
}

}  // namespace rtmodel
