#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace rtmodel::cli {

/// Shows how far a collection is, on standard error: one line kept up to date on a terminal, else a line a plan.
class CollectProgress {
 public:
  /// `total` plans are to be made.
  explicit CollectProgress(std::size_t total);
  ~CollectProgress();
  CollectProgress(const CollectProgress&) = delete;
  CollectProgress& operator=(const CollectProgress&) = delete;

  /// A plan has ended; `line` says how.
  void ended(bool is_planned, const std::string& line);
  /// Refreshes the line on a terminal.
  void show(std::size_t running);
  /// A line that stays.
  void say(const std::string& line);

 private:
  std::string state() const;

  const std::size_t total_;
  const bool is_terminal_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::size_t planned_ = 0;
  std::size_t failed_ = 0;
  bool has_open_line_ = false;
};

}  // namespace rtmodel::cli
