// A plan of 4 mm beamlets, introduced to a model as one of 5 mm.
#include <gtest/gtest.h>

#include "dh_advisor/resample.h"
#include "phantom/make_phantom.h"
#include "rtmodel/self_check/plans.h"

namespace rtmodel::testing {
namespace {

TEST(ResampledPlan, IsAValidPlanOfTheModelsPitch) {
  const Case value = make_phantom(PhantomKind::kProstate, 1);
  const CheckedPlan of_client("4 mm", value, equispaced_beams(5), false, 4.0);
  const CheckedPlan of_model("5 mm", value, equispaced_beams(5), false, 5.0);

  dh_advisor::GeometryCheckInput said = of_client.said();
  said.geometry = nullptr;
  ASSERT_TRUE(dh_advisor::beams_of_pitch(of_client.said().beams, 5.0, said.beams).ok());
  dh_advisor::Resampling resampling;
  ASSERT_TRUE(dh_advisor::Resampling::make(of_client.said().beams, said.beams, resampling).ok());
  ASSERT_TRUE(resampling.dose_of_model(of_client.said().features, said.features.dose).ok());
  said.features.beamlet_count = static_cast<std::uint32_t>(resampling.model_count());
  dh_advisor::CheckResult result;
  ASSERT_TRUE(check_geometry(said, result).ok());
  EXPECT_EQ(result.outcome, dh_advisor::CheckOutcome::kPassed) << result.finding;
  EXPECT_NEAR(result.ratio, 1.0, 1e-3) << "a flat start stays flat";

  // The beamlet in the middle is nearly that of a plan made with 5 mm.
  dh_advisor::BeamletFeatures features;
  ASSERT_TRUE(dh_advisor::build_beamlet_features(said.features, features).ok());
  const std::size_t middle = said.beams[0].columns / 2;
  const std::size_t same = of_model.said().beams[0].columns / 2;
  const std::size_t structures = said.structures.size();
  EXPECT_NEAR(features.column_norm[middle] / of_model.features().column_norm[same], 1.0, 0.05);
  for (std::size_t s = 0; s < structures; ++s) {
    const double direct = of_model.features().mean_dose[same * structures + s];
    EXPECT_NEAR(features.mean_dose[middle * structures + s], direct, 0.1 * direct) << s;
  }
}

}  // namespace
}  // namespace rtmodel::testing
