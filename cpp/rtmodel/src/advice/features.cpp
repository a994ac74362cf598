#include "advice/features.h"

#include "geometry/voxels.h"
#include "plan/feature_input.h"

namespace rtmodel {

dh_advisor::BeamletFeatures beamlet_features(const PlanProblem& problem) {
  dh_advisor::BeamletFeatures features;
  require_ok(dh_advisor::build_beamlet_features(FeatureSource(problem).input(), features));
  return features;
}

}  // namespace rtmodel
