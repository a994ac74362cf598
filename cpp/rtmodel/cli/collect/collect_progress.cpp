#include "collect_progress.h"

#include <unistd.h>

#include <cstdio>

namespace rtmodel::cli {
namespace {

std::string duration(double seconds) {
  char text[32];
  if (seconds < 100) {
    std::snprintf(text, sizeof text, "%.0f s", seconds);
  } else if (seconds < 6000) {
    std::snprintf(text, sizeof text, "%.0f min", seconds / 60);
  } else {
    std::snprintf(text, sizeof text, "%.1f h", seconds / 3600);
  }
  return text;
}

}  // namespace

CollectProgress::CollectProgress(std::size_t total) : total_(total), is_terminal_(isatty(STDERR_FILENO) != 0) {}

CollectProgress::~CollectProgress() {
  if (has_open_line_) std::fputs("\n", stderr);
}

std::string CollectProgress::state() const {
  const std::size_t ended = planned_ + failed_;
  std::string text = std::to_string(ended) + "/" + std::to_string(total_);
  if (failed_ > 0) text += ", " + std::to_string(failed_) + " failed";
  if (ended == 0) return text;
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start_;
  char rate[48];
  std::snprintf(rate, sizeof rate, ", %.1f plans/min", 60.0 * static_cast<double>(ended) / spent.count());
  text += rate;
  if (ended < total_)
    text += ", " + duration(spent.count() * static_cast<double>(total_ - ended) / static_cast<double>(ended)) + " left";
  return text;
}

void CollectProgress::ended(bool is_planned, const std::string& line) {
  (is_planned ? planned_ : failed_) += 1;
  if (!is_terminal_ || !is_planned) say(line + " (" + state() + ")");
}

void CollectProgress::show(std::size_t running) {
  if (!is_terminal_) return;
  std::fprintf(stderr, "\r\033[K%s, %zu running", state().c_str(), running);
  std::fflush(stderr);
  has_open_line_ = true;
}

void CollectProgress::say(const std::string& line) {
  std::fprintf(stderr, "%s%s\n", has_open_line_ ? "\r\033[K" : "", line.c_str());
  has_open_line_ = false;
}

}  // namespace rtmodel::cli
