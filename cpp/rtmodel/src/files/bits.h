#pragma once

#include <cstdint>
#ifdef _MSC_VER
#include <intrin.h>
#endif

namespace rtmodel {

/// How many bits are set.
inline int count_bits(std::uint64_t bits) {
#ifdef _MSC_VER
  return static_cast<int>(__popcnt64(bits));
#else
  return __builtin_popcountll(bits);
#endif
}

/// Index of the lowest bit that is set; `bits` is not 0.
inline int lowest_bit(std::uint64_t bits) {
#ifdef _MSC_VER
  unsigned long index = 0;
  _BitScanForward64(&index, bits);
  return static_cast<int>(index);
#else
  return __builtin_ctzll(bits);
#endif
}

}  // namespace rtmodel
