// libdh_advisor.so from outside: what it shows, and a session through it beside another copy of the client.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <regex>
#include <set>
#include <sstream>

#include "dh_advisor/c_api.h"
#include "dh_advisor/c_checks.h"
#include "scripted_advisor.h"

extern "C" int c_api_version_of_header(void);

namespace dh_advisor::testing {
namespace {

std::set<std::string> shown_names() {
  const std::unique_ptr<FILE, int (*)(FILE*)> out(
      popen("nm --dynamic --defined-only --format=posix " SHARED_LIBRARY, "r"), pclose);
  std::set<std::string> names;
  for (char line[8192]; std::fgets(line, sizeof line, out.get()) != nullptr;) {
    const std::string text = line;
    names.insert(text.substr(0, text.find(' ')));
  }
  return names;
}

/// Functions that the C headers declare for users.
std::set<std::string> declared_functions() {
  std::set<std::string> names;
  for (const char* header : {"c_api.h", "c_gates.h", "c_features.h", "c_checks.h"}) {
    std::ostringstream text;
    text << std::ifstream(std::string(HEADERS "/") + header).rdbuf();
    const std::string all = text.str();
    const std::regex exported(R"(DH_ADVISOR_API[\w\s*]*?\b(dh_advisor_\w+)\s*\()");
    for (std::sregex_iterator at(all.begin(), all.end(), exported), end; at != end; ++at) names.insert((*at)[1]);
    // A declaration without the macro would be missing from the library, and from this set.
    const std::regex bare(R"((?:^|\n)(?:int|void|const char\*|size_t|double|uint32_t) \*?dh_advisor_\w+\()");
    EXPECT_FALSE(std::regex_search(all, bare)) << header;
  }
  return names;
}

TEST(SharedLibrary, ShowsTheWholeCInterface) {
  const std::set<std::string> shown = shown_names();
  const std::set<std::string> declared = declared_functions();
  EXPECT_GE(declared.size(), 75U);
  for (const std::string& name : declared) EXPECT_EQ(shown.count(name), 1U) << name;
}

TEST(SharedLibrary, ShowsNothingElseButThePublicClasses) {
  const std::set<std::string> declared = declared_functions();
  int count = 0;
  for (const std::string& name : shown_names()) {
    // Names of protobuf, gRPC and Abseil hold these; so do functions of ours that take one of their types.
    for (const char* foreign : {"protobuf", "google", "grpc", "absl", "2dh7advisor2v1", "upb", "Impl"})
      EXPECT_EQ(name.find(foreign), std::string::npos) << name;
    if (name.rfind("_Z", 0) == 0) {
      EXPECT_NE(name.find("10dh_advisor"), std::string::npos) << name;
      EXPECT_EQ(name.find("10dh_advisor1c"), std::string::npos) << name;
    } else {
      EXPECT_EQ(declared.count(name), 1U) << name;
    }
    ++count;
  }
  EXPECT_GT(count, 100);
}

/// A function of the library that was loaded by name.
template <typename Function>
Function* function(void* library, const char* name) {
  auto* const found = reinterpret_cast<Function*>(dlsym(library, name));
  EXPECT_NE(found, nullptr) << name;
  return found;
}

TEST(SharedLibrary, ServesASessionBesideAnotherCopyOfTheClient) {
  // As a plugin's or Python's the symbols stay in the library; this program has a copy of its own.
  void* const library = dlopen(SHARED_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr) << dlerror();
  EXPECT_EQ(function<decltype(dh_advisor_c_api_version)>(library, "dh_advisor_c_api_version")(),
            c_api_version_of_header());
  ScriptedAdvisor advisor(answer_well);
  auto own = Session::open(options_for(advisor), small_plan());
  EXPECT_TRUE(own->ask_level(level_zero()).initial_weights.has_value()) << own->status().message;

  dh_advisor_structure structure{};
  structure.name = "PTV70";
  structure.role = DH_ADVISOR_STRUCTURE_TARGET;
  structure.prescribed_dose_gy = 70.0;
  const dh_advisor_beam beam{0.0, 0.0, 4, 1, 5.0, 30.0};
  const dh_advisor_level_plan level{4, 2.5, 1.5625, 9.375, 500, 1e-6};
  const int role = DH_ADVISOR_ROLE_INITIALIZATION;
  dh_advisor_plan plan{};
  plan.client = "shared";
  plan.plan_key = "plan";
  plan.solver = DH_ADVISOR_SOLVER_DH;
  plan.structures = &structure;
  plan.beams = &beam;
  plan.levels = &level;
  plan.accepts = &role;
  plan.structure_count = plan.beam_count = plan.level_count = plan.accept_count = 1;
  plan.weight_ceiling = 0.2;
  plan.weight_steepness = 0.5;
  const std::string address = advisor.address();
  dh_advisor_session_options options{};
  options.struct_size = sizeof options;
  options.address = address.c_str();
  options.mode = DH_ADVISOR_MODE_ADVISE;
  options.connect_deadline_ms = options.start_deadline_ms = 10000;
  dh_advisor_session* const session =
      function<decltype(dh_advisor_open_with)>(library, "dh_advisor_open_with")(&options, &plan);
  dh_advisor_level_start start{};
  start.beamlet_count = 4;
  start.variance_lower_gy2 = 1.5625;
  start.variance_upper_gy2 = 9.375;
  double weights[4];
  dh_advisor_level_advice advice{};
  advice.initial_weights = weights;
  function<decltype(dh_advisor_ask_level)>(library, "dh_advisor_ask_level")(session, &start, &advice);
  EXPECT_EQ(advice.has_initial_weights, 1)
      << function<decltype(dh_advisor_status)>(library, "dh_advisor_status")(session);
  function<decltype(dh_advisor_close)>(library, "dh_advisor_close")(session);
  EXPECT_EQ(dlclose(library), 0);
  EXPECT_TRUE(own->finish({}).ok());
}

}  // namespace
}  // namespace dh_advisor::testing
