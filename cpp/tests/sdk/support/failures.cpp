#include "failures.h"

#include <dlfcn.h>

#include <cstdint>
#include <cstdlib>
#include <new>
#include <system_error>
#include <thread>

namespace {

thread_local std::size_t refused_bytes = SIZE_MAX;
thread_local bool has_no_threads = false;

void* allocate(std::size_t bytes) { return bytes >= refused_bytes ? nullptr : std::malloc(bytes > 0 ? bytes : 1); }

}  // namespace

// Of the whole program; the compiler's own are replaceable.
void* operator new(std::size_t bytes) {
  void* const memory = allocate(bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void* operator new[](std::size_t bytes) { return operator new(bytes); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return allocate(bytes); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }

// Stands before the standard library's, which every std::thread comes through.
void std::thread::_M_start_thread(_State_ptr state, void (*depend)()) {
  if (has_no_threads) throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
  using Start = void (*)(std::thread*, _State_ptr, void (*)());
  static const auto start =
      reinterpret_cast<Start>(dlsym(RTLD_NEXT,
                                    "_ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_"
                                    "deleteIS1_EEPFvvE"));
  start(this, std::move(state), depend);
}

namespace dh_advisor::testing {

NoLargeMemory::NoLargeMemory(std::size_t bytes) { refused_bytes = bytes; }
NoLargeMemory::~NoLargeMemory() { refused_bytes = SIZE_MAX; }
NoThreads::NoThreads() { has_no_threads = true; }
NoThreads::~NoThreads() { has_no_threads = false; }

}  // namespace dh_advisor::testing
