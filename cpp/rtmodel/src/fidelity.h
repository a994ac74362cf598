#pragma once

namespace rtmodel {

/// Which dH the solver `dh` is. docs/dh-fidelity.md lists where the two differ, each with its test.
enum class Fidelity {
  kExact,    ///< The algorithm as its author describes it, with a true gradient.
  kShipped,  ///< dH's program as it is built and runs, with its faults.
};

/// Stable lower-case names: `exact`, `shipped`. Thread-safe.
constexpr const char* name_of(Fidelity fidelity) { return fidelity == Fidelity::kShipped ? "shipped" : "exact"; }

}  // namespace rtmodel
