#include "progress.h"

#include <unistd.h>

#include <cstdio>

namespace rtmodel::cli {
namespace {

constexpr double kTerminalPeriodMs = 100.0;
constexpr double kPlainPeriodMs = 10000.0;

}  // namespace

ProgressLine::ProgressLine(bool is_quiet, const InterruptWatch& interrupt)
    : interrupt_(interrupt), is_quiet_(is_quiet), is_terminal_(isatty(STDERR_FILENO) != 0) {}

ProgressLine::~ProgressLine() {
  if (has_open_line_) std::fputs("\n", stderr);
}

bool ProgressLine::on_iteration(const Progress& progress) {
  const double period_ms = is_terminal_ ? kTerminalPeriodMs : kPlainPeriodMs;
  const bool is_due = progress.elapsed_ms - shown_at_ms_ >= period_ms || (!is_terminal_ && progress.stage != stage_);
  if (!is_quiet_ && is_due) {
    std::fprintf(stderr, "%sstage %u: level %u, sigma %.3g Gy, iteration %u, F %.6g, %.0f calls, %.1f s%s",
                 is_terminal_ ? "\r\033[K" : "", progress.stage, progress.level, progress.histogram_sigma_gy,
                 progress.iteration, progress.objective, progress.call_equivalents, progress.elapsed_ms / 1000.0,
                 is_terminal_ ? "" : "\n");
    has_open_line_ = is_terminal_;
    shown_at_ms_ = progress.elapsed_ms;
    stage_ = progress.stage;
  }
  return !interrupt_.has_heard();
}

}  // namespace rtmodel::cli
