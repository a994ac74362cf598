#pragma once

#include <string>

#include "run/run.h"

namespace rtmodel::cli {

/// Shows a run on standard error: one line kept up to date on a terminal, else a line at every stage and now and then.
/// Ends the run when the person interrupts it; a second interrupt ends the program at once.
class ProgressLine final : public ProgressSink {
 public:
  explicit ProgressLine(bool is_quiet);
  ~ProgressLine() override;
  bool on_iteration(const Progress& progress) override;

 private:
  bool is_quiet_;
  bool is_terminal_;
  bool has_open_line_ = false;
  double shown_at_ms_ = -1e9;
  std::uint32_t stage_ = ~0U;
};

}  // namespace rtmodel::cli
