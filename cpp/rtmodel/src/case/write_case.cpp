#include "case/write_case.h"

#include "case/case_description.h"
#include "case/nifti_volume.h"

namespace rtmodel {

void write_case(const std::filesystem::path& folder, const Case& value) {
  require_writable_folder(folder);
  // All are written before any gets its name: a disk that fills up leaves the case that was there before.
  OutputFile ct(folder / "ct.nii.gz"), masks(folder / "structures.nii.gz"), description(folder / "case.json");
  write_ct(ct, value.grid, value.ct_hu);
  write_masks(masks, value.grid, value.masks);
  description.write(describe(value));
  ct.commit();
  masks.commit();
  description.commit();
}

}  // namespace rtmodel
