#include "phantom/make_phantom.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "case/finding.h"
#include "case/read_case.h"
#include "case/write_case.h"
#include "phantom/random.h"
#include "plan/build_problem.h"
#include "rtmodel/support/small_case.h"

namespace rtmodel::testing {
namespace {

/// FNV-1a over CT and masks: a change of either shows.
std::uint64_t fingerprint(const Case& value) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  const auto mix = [&hash](std::uint64_t word) { hash = (hash ^ word) * 0x100000001b3ULL; };
  for (const auto hu : value.ct_hu) mix(static_cast<std::uint16_t>(hu));
  for (const auto mask : value.masks) mix(mask);
  return hash;
}

TEST(Random, FollowsThePublishedSequence) {
  // First numbers of SplitMix64 from state 1234567, as in the Java library's SplittableRandom.
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317ULL);
  EXPECT_EQ(random.next(), 3203168211198807973ULL);
}

class Phantoms : public ::testing::TestWithParam<const char*> {};

TEST_P(Phantoms, AreCasesThatCanBePlanned) {
  const auto kind = phantom_kind(GetParam());
  const TemporaryFolder folder;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const Case made = make_phantom(kind, seed);
    write_case(folder.path(), made);
    const auto reading = read_case(folder.path());
    ASSERT_TRUE(reading.value) << GetParam() << " " << seed << ": " << reading.findings.list().front().text();
    EXPECT_TRUE(reading.findings.list().empty()) << reading.findings.list().front().text();
    EXPECT_EQ(fingerprint(*reading.value), fingerprint(made));
    EXPECT_FALSE(build_problem(made, {}).problem.structures.empty());
  }
}

TEST_P(Phantoms, DependOnTheSeedAlone) {
  const auto kind = phantom_kind(GetParam());
  EXPECT_EQ(fingerprint(make_phantom(kind, 5)), fingerprint(make_phantom(kind, 5)));
  EXPECT_NE(fingerprint(make_phantom(kind, 5)), fingerprint(make_phantom(kind, 6)));
}

TEST_P(Phantoms, HaveTheTargetsAskedFor) {
  for (int targets = 1; targets <= 3; ++targets) {
    const Case value = make_phantom(phantom_kind(GetParam()), 2, targets);
    EXPECT_EQ(targets, std::count_if(value.structures.begin(), value.structures.end(),
                                     [](const auto& s) { return s.role == CaseRole::kTarget; }));
  }
  EXPECT_THROW(make_phantom(phantom_kind(GetParam()), 2, 4), InputError);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Phantoms, ::testing::Values("c-shape", "prostate", "head-neck"));

TEST(Phantom, HeadNeckHasTheNamesOfTheDataSet) {
  const Case value = make_phantom(PhantomKind::kHeadNeck, 1);
  std::vector<std::string> names;
  for (const auto& structure : value.structures) names.push_back(structure.name);
  EXPECT_EQ(names, (std::vector<std::string>{"PTV70", "PTV63", "PTV56", "Brainstem", "SpinalCord", "RightParotid",
                                             "LeftParotid", "Esophagus", "Larynx", "Mandible", "Body"}));
}

TEST(Phantom, RefusesAnUnknownKind) { EXPECT_THROW(phantom_kind("torus"), InputError); }

}  // namespace
}  // namespace rtmodel::testing
