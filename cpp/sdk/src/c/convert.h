#pragma once

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>

#include "dh_advisor/c_types.h"
#include "dh_advisor/session.h"

/// C structures -> the values of `session.h`. Throws std::invalid_argument that names what is NULL or out of range.
namespace dh_advisor::c {

template <typename T>
const T& required(const T* pointer, const char* what) {
  if (pointer == nullptr) throw std::invalid_argument(std::string(what) + " is NULL");
  return *pointer;
}

/// A structure that may be of another version of the header: what the caller's does not have is zero.
template <typename T>
T read_sized(const T* in, const char* what) {
  const std::size_t size = required(in, what).struct_size;
  if (size < sizeof(std::size_t) || size > (1U << 16)) {
    throw std::invalid_argument(std::string(what) + ".struct_size is " + std::to_string(size) +
                                "; set it to sizeof the structure");
  }
  T out{};
  std::memcpy(&out, in, std::min(size, sizeof(T)));
  return out;
}

/// Fills in as much of the caller's structure as it has; its `struct_size` stays.
template <typename T>
void write_sized(const T& value, T* out) {
  const std::size_t size = out->struct_size;
  std::memcpy(static_cast<void*>(out), &value, std::min(size, sizeof(T)));
  out->struct_size = size;
}

std::vector<Structure> to_structures(const dh_advisor_structure* in, std::size_t count);
std::vector<Beam> to_beams(const dh_advisor_beam* in, std::size_t count);
SessionOptions to_options(const dh_advisor_options* in);
SessionOptions to_options(const dh_advisor_session_options* in);
PlanStart to_plan(const dh_advisor_plan* in);
/// What the options say of the plan.
void add_description(const dh_advisor_session_options* in, PlanStart& plan);
inline void add_description(const dh_advisor_options*, PlanStart&) {}
VolumeView to_volume(const dh_advisor_volume* in);
Geometry to_geometry(const dh_advisor_geometry* in);
LevelStart to_level_start(const dh_advisor_level_start* in);
Iteration to_iteration(const dh_advisor_iteration* in);
LevelEnd to_level_end(const dh_advisor_level_end* in);
PlanFinish to_finish(const dh_advisor_plan_finish* in);

}  // namespace dh_advisor::c
