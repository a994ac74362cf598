#pragma once

namespace rtmodel {

/// What a descent may use of the advice that comes. All of it is asked for and reported, so that the host sees the plan
/// whole; what may not be used is refused as switched off.
enum class AdviceUse {
  kAll,
  kAllButStarts,
  kNothing,  ///< The descent is bit for bit the one without an advisor.
};

}  // namespace rtmodel
