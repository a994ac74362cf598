#pragma once

#include <string>

#include "case/case.h"
#include "phantom/random.h"

namespace rtmodel {

inline constexpr double kPhantomSpacingMm = 5.0;

/// A target bent around a core that must be spared, in a slab of water.
Case make_c_shape(const std::string& id, Random& random, int targets);
/// Prostate, seminal vesicles and nodes between rectum, bladder and femoral heads.
Case make_prostate(const std::string& id, Random& random, int targets);
/// A neck with three dose levels and the organs of the OpenKBP data set, under its names.
Case make_head_neck(const std::string& id, Random& random, int targets);

}  // namespace rtmodel
