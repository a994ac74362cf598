#pragma once

#include <cstdint>

namespace rtmodel {

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) with its own mapping to numbers: the standard library's
/// distributions differ between implementations, and a seed must give the same phantom everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  /// In [low, high).
  double between(double low, double high) { return low + (high - low) * (next() >> 11) * 0x1.0p-53; }
  /// 1 or -1.
  double sign() { return next() >> 63 ? 1.0 : -1.0; }

 private:
  std::uint64_t state_;
};

}  // namespace rtmodel
