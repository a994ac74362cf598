#include "collect/collect_processes.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>

namespace rtmodel::cli {
namespace {

constexpr int kPatientMs = 30000;

/// Waits for all and returns the ends by job.
std::map<std::size_t, ProcessEnd> wait_for_all(ProcessPool& pool) {
  std::map<std::size_t, ProcessEnd> ends;
  while (pool.running() > 0)
    for (auto& end : pool.wait(kPatientMs)) ends.emplace(end.job, std::move(end));
  return ends;
}

TEST(ProcessPool, TellsHowEachJobEndedAndWhatItSaid) {
  ProcessPool pool;
  pool.start(0, [] { return 0; });
  pool.start(1, [] {
    std::fputs("no such case\n", stderr);
    return 1;
  });
  pool.start(2, []() -> int { std::abort(); });
  pool.start(3, [] {
    for (int i = 0; i < 100000; ++i) std::fputs("chatter\n", stdout);
    std::fputs("the end\n", stdout);
    return 0;
  });
  EXPECT_EQ(pool.running(), 4u);
  const auto ends = wait_for_all(pool);
  EXPECT_EQ(ends.at(0).exit_code, 0);
  EXPECT_EQ(ends.at(1).exit_code, 1);
  EXPECT_EQ(ends.at(1).output, "no such case\n");
  EXPECT_EQ(ends.at(2).exit_code, -SIGABRT);
  EXPECT_EQ(ends.at(3).exit_code, 0);
  const auto& chatter = ends.at(3).output;
  EXPECT_LT(chatter.size(), 200000u);
  EXPECT_EQ(chatter.substr(chatter.size() - 8), "the end\n");
}

TEST(ProcessPool, PassesSignalsOnAndEndsWhatIsLeft) {
  const auto forever = []() -> int {
    for (;;) pause();
  };
  ProcessPool pool;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    // The parent hears the signal, too, and goes on; a child must not inherit that, however young it is.
    std::signal(signal, [](int) {});
    for (std::size_t job = 0; job < 50; ++job) {
      pool.start(job, forever);
      pool.signal_all(signal);
    }
    for (const auto& [job, end] : wait_for_all(pool)) EXPECT_EQ(end.exit_code, -signal) << job;
    std::signal(signal, SIG_DFL);
  }
  pool.start(1, forever);
}

}  // namespace
}  // namespace rtmodel::cli
