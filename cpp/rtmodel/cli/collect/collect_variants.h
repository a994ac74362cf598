#pragma once

#include <string>
#include <vector>

#include "optimize.h"

namespace rtmodel::cli {

/// One way to plan every case: changes to the options that all share.
struct CollectVariant {
  /// As written, such as `beams=7+solver=lbfgs`; empty for the options as they are. Part of a result's file name.
  std::string name;

  /// Changes `arguments`. Throws InputError for an unknown key or a value that is none.
  void apply_to(OptimizeArguments& arguments) const;
};

/// The variants of `--variants`, checked; the options as they are when there are none. Throws InputError.
std::vector<CollectVariant> read_variants(const std::vector<std::string>& texts);

}  // namespace rtmodel::cli
