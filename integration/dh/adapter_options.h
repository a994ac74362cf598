#pragma once

#include <functional>
#include <string>

#include "dh_advisor/session.h"

namespace dh_adapter {

/// What dH can't tell the adapter.
struct AdapterOptions {
  /// Begins in shadow mode: asks and records, uses nothing.
  dh_advisor::SessionOptions session = [] {
    dh_advisor::SessionOptions shadow;
    shadow.address = "127.0.0.1:50151";
    shadow.mode = dh_advisor::AdviceMode::kShadow;
    return shadow;
  }();
  std::string client = "dH";
  std::string plan_key;           ///< One of its own for every plan, never a person's name; empty = a random one.
  std::string label;              ///< What operators see the plan under, at most 64 bytes; never a person's name.
  bool may_record = false;        ///< Whether the host may keep the plan's numbers.
  double beamlet_width_mm = 4.0;  ///< dH has both as literals, in its dose calculation.
  double beamlet_height_mm = 20.0;
  bool checks_plan = true;       ///< Self-checks before a plan's first question: a few values of F at the second level.
  double start_share = 0.6;      ///< A learned start must have at most this share of the flat start's F.
  double stop_tolerance = 1e-4;  ///< Largest relative gain of an iteration at which a stop is granted.
  std::function<void(const std::string&)> log;  ///< Once a plan at most: why there is no advice. May be empty.
};

}  // namespace dh_adapter
