#include "progress.h"

#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace rtmodel::cli {
namespace {

constexpr double kTerminalPeriodMs = 100.0;
constexpr double kPlainPeriodMs = 10000.0;

volatile std::sig_atomic_t is_interrupted = 0;

void on_interrupt(int) {
  is_interrupted = 1;
  std::signal(SIGINT, SIG_DFL);
}

}  // namespace

ProgressLine::ProgressLine(bool is_quiet) : is_quiet_(is_quiet), is_terminal_(isatty(STDERR_FILENO) != 0) {
  std::signal(SIGINT, on_interrupt);
}

ProgressLine::~ProgressLine() {
  if (has_open_line_) std::fputs("\n", stderr);
  std::signal(SIGINT, SIG_DFL);
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
  return is_interrupted == 0;
}

}  // namespace rtmodel::cli
