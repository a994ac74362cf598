#pragma once

#include <optional>

#include "dh_advisor/voxels.h"

namespace dh_advisor {

/// Unit vector along the longest axis of a symmetric matrix (xx, yy, zz, xy, xz, yz); nothing when its variance is less
/// than three times the next.
std::optional<Vector3> long_axis(const double (&covariance)[6]);

}  // namespace dh_advisor
