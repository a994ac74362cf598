#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "case/case.h"
#include "case/finding.h"

namespace rtmodel {

struct CaseReading {
  /// Empty when a finding is an error.
  std::optional<Case> value;
  Findings findings;
};

/// Reads a case folder and checks all of it: every fault found is told, not only the first. Never throws for bad input.
CaseReading read_case(const std::filesystem::path& folder);

/// The same for callers that just need the case: throws InputError with all faults, one a line. Warnings go to
/// `warnings` unless that is null.
Case require_case(const std::filesystem::path& folder, std::vector<std::string>* warnings = nullptr);

}  // namespace rtmodel
