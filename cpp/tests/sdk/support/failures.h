#pragma once

#include <cstddef>

namespace dh_advisor::testing {

/// While it lives, `operator new` fails in this thread for anything of at least so many bytes.
class NoLargeMemory {
 public:
  explicit NoLargeMemory(std::size_t bytes);
  ~NoLargeMemory();
};

/// While it lives, this thread can't start a `std::thread`.
class NoThreads {
 public:
  NoThreads();
  ~NoThreads();
};

}  // namespace dh_advisor::testing
