#pragma once

namespace rtmodel::cli {

/// Hears Ctrl-C, the end of the terminal and the end that a batch system asks for (SIGINT, SIGHUP, SIGTERM) while it
/// lives: the first is remembered, so that the work can end with what it has; a second one, unless it is SIGHUP, ends
/// the program at once. Signals that were ignored before, as under nohup, stay ignored. One at a time; one thread.
class InterruptWatch {
 public:
  InterruptWatch();
  /// Puts back what was in force before.
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  bool has_heard() const;
  /// The signals, for who masks or resets them.
  static const int (&signals())[3];
};

}  // namespace rtmodel::cli
