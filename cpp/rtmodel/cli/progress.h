#pragma once

#include <string>

#include "interrupt.h"
#include "run/run.h"

namespace rtmodel::cli {

/// Shows a run on standard error: one line kept up to date on a terminal, else a line at every stage and now and then.
/// Ends the run at the next iteration after an interrupt.
class ProgressLine final : public ProgressSink {
 public:
  ProgressLine(bool is_quiet, const InterruptWatch& interrupt);
  ~ProgressLine() override;
  bool on_iteration(const Progress& progress) override;

 private:
  const InterruptWatch& interrupt_;
  bool is_quiet_;
  bool is_terminal_;
  bool has_open_line_ = false;
  double shown_at_ms_ = -1e9;
  std::uint32_t stage_ = ~0U;
};

}  // namespace rtmodel::cli
