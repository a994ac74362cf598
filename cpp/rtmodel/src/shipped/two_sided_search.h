#pragma once

#include <functional>

#include "solver/line_minimum.h"

namespace rtmodel {

/// dH's line minimisation as its numerics library does it: a minimum is bracketed from the steps -1 and 1, downhill to
/// either side by the golden ratio and parabolas, as far as the values fall; then Brent's method narrows the bracket to
/// `tolerance`, absolute. The value at 0 is not asked for and has no say: the result may be higher, and where values
/// are no numbers it may be none. Ends after two thousand values at most; dH's has no end.
LineMinimum minimise_both_ways(const std::function<double(double)>& value, double tolerance);

}  // namespace rtmodel
