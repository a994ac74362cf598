// A process that uses the client library may load the optimizer's library beside it, which brings its own copy.
// Run one test a process: a library is loaded once.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>

#include "rtmodel/rtmodel.h"
#include "scripted_advisor.h"

namespace dh_advisor::testing {
namespace {

void use_library() {
  // The symbols stay in the library, as a plugin's or Python's do.
  void* const library = dlopen(RTMODEL_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr) << dlerror();
  const auto version = reinterpret_cast<decltype(&rtmodel_Version)>(dlsym(library, "rtmodel_Version"));
  ASSERT_NE(version, nullptr);
  EXPECT_STRNE(version(), "");
}

void use_session() {
  ScriptedAdvisor advisor(answer_well);
  auto session = Session::open(options_for(advisor), small_plan());
  EXPECT_TRUE(session->ask_level(level_zero()).initial_weights.has_value()) << session->status().message;
  EXPECT_TRUE(session->finish({}).ok());
}

TEST(TwoLibraries, SessionFirst) {
  use_session();
  use_library();
  use_session();
}

TEST(TwoLibraries, OptimizerFirst) {
  use_library();
  use_session();
}

TEST(TwoLibraries, TheOptimizerShowsItsOwnInterfaceAlone) {
  const std::unique_ptr<FILE, int (*)(FILE*)> names(
      popen("nm --dynamic --defined-only --format=posix " RTMODEL_LIBRARY, "r"), pclose);
  ASSERT_NE(names, nullptr);
  int count = 0;
  for (char line[4096]; std::fgets(line, sizeof line, names.get()) != nullptr; ++count) {
    EXPECT_EQ(std::string(line).rfind("rtmodel_", 0), 0U) << line;
  }
  EXPECT_GT(count, 20);
}

}  // namespace
}  // namespace dh_advisor::testing
