#include <set>

#include "checks/checks.h"

namespace rtmodel {

bool check_label_map(const Case& value, const std::string& masks_file, Findings& findings) {
  const CaseStructure* body = body_of(value);
  if (body == nullptr || value.structures.size() < 2) return false;
  const Mask body_bit = Mask{1} << body->bit;
  std::set<Mask> values;
  std::size_t in_others = 0, in_body_too = 0;
  bool has_overlap = false;
  for (const Mask mask : value.masks) {
    if (mask == 0) continue;
    values.insert(mask);
    // Bits of this many kinds are no labels, and the set must not grow with the volume.
    if (values.size() > 256) return false;
    has_overlap = has_overlap || (mask & (mask - 1)) != 0;
    if ((mask & ~body_bit) == 0) continue;
    in_others += 1;
    in_body_too += (mask & body_bit) != 0 ? 1 : 0;
  }
  // In bits nearly every voxel of a structure is in the body, too.
  if (values.size() < 2 || 2 * in_body_too >= in_others) return false;
  const Mask highest = *values.rbegin();
  const std::string fix = "store 2^bit for every structure that a voxel is in, added up, the body's bit included";
  // Labels are counted from 1 and leave few out. 1, 2 and 4 alone may also be bits of structures that miss the body.
  if (values.count(3) > 0 && highest <= 255 && 2 * values.size() > highest) {
    findings.error(masks_file,
                   "looks like a label map, not a bit mask: it has " + std::to_string(values.size()) +
                       " values from 1 to " + std::to_string(highest) + ", and the body does not hold the others",
                   fix);
    return true;
  }
  if (!has_overlap)
    findings.warn(masks_file, "has no voxel with two bits, although the body holds the other structures",
                  "if these are labels: " + fix);
  return false;
}

}  // namespace rtmodel
