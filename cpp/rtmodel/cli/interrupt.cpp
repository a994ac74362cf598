#include "interrupt.h"

#include <csignal>

namespace rtmodel::cli {
namespace {

constexpr int kSignals[3] = {SIGINT, SIGHUP, SIGTERM};

volatile std::sig_atomic_t is_interrupted = 0;
struct sigaction before[3];

void on_interrupt(int) {
  is_interrupted = 1;
  // Not SIGHUP: a terminal that closes sends it from the kernel and from the shell, and systemd after SIGTERM.
  for (std::size_t i = 0; i < 3; ++i)
    if (kSignals[i] != SIGHUP && before[i].sa_handler != SIG_IGN) std::signal(kSignals[i], SIG_DFL);
}

}  // namespace

const int (&InterruptWatch::signals())[3] { return kSignals; }

InterruptWatch::InterruptWatch() {
  is_interrupted = 0;
  struct sigaction watch {};
  watch.sa_handler = on_interrupt;
  for (std::size_t i = 0; i < 3; ++i) {
    sigaction(kSignals[i], nullptr, &before[i]);
    if (before[i].sa_handler != SIG_IGN) sigaction(kSignals[i], &watch, nullptr);
  }
}

InterruptWatch::~InterruptWatch() {
  for (std::size_t i = 0; i < 3; ++i) sigaction(kSignals[i], &before[i], nullptr);
}

bool InterruptWatch::has_heard() const { return is_interrupted != 0; }

}  // namespace rtmodel::cli
