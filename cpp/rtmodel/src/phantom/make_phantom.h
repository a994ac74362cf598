#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "case/case.h"

namespace rtmodel {

enum class PhantomKind { kCShape, kProstate, kHeadNeck };

/// `c-shape`, `prostate` or `head-neck`; throws InputError for another name.
PhantomKind phantom_kind(const std::string& name);

/// A synthetic case after the shapes of AAPM TG-119, with random sizes and positions, on a 5 mm grid. The same seed
/// gives the same case everywhere. `targets` in [1, 3]; absent: drawn. Throws InputError for another number.
Case make_phantom(PhantomKind kind, std::uint64_t seed, std::optional<int> targets = std::nullopt);

}  // namespace rtmodel
