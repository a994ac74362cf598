#pragma once

#include "case/case.h"
#include "case/case_description.h"
#include "case/finding.h"

/// Compares what a case consists of: each file may be good by itself and yet not belong to the others. All need a case
/// whose volumes have the size of its grid. Shares are of voxels. Faults go to `findings`; none throws.
namespace rtmodel {

/// Whether the CT holds Hounsfield units at all.
void check_hu(const Case& value, const std::string& ct_file, Findings& findings);

/// Whether CT and contours show the same patient at the same place: air inside the body, tissue outside of it, and
/// whether one of them is mirrored.
void check_body(const Case& value, const std::string& ct_file, Findings& findings);

/// Whether each structure has voxels, lies in the body and not in air, and is another one than the others.
void check_structures(const CaseDescription& description, Findings& findings);

/// Whether what is called left lies to the left of its other side.
void check_sides(const Case& value, const std::string& masks_file, Findings& findings);

/// Whether the masks are bits, and not labels counted from 1. True: they look like labels, and what else could be said
/// of the structures would only hide it.
bool check_label_map(const Case& value, const std::string& masks_file, Findings& findings);

/// Whether prescriptions are doses of a whole course in Gy.
void check_prescriptions(const Case& value, Findings& findings);

/// Whether the isocentre lies in the grid and in the body.
void check_isocenter(const Case& value, Findings& findings);

/// The body, or null where there is none with a bit.
const CaseStructure* body_of(const Case& value);

/// Such as `12.3 %`.
std::string percent(double share);

/// Below this there is nothing but air; lungs lie above.
inline constexpr int kAirHu = -900;

}  // namespace rtmodel
