#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dh_advisor/checks.h"
#include "plan/build_problem.h"
#include "plan/feature_input.h"

namespace rtmodel::testing {

/// A plan of a phantom, and what a client would say of it. Tests copy `said` and spoil one thing.
class CheckedPlan {
 public:
  CheckedPlan(std::string name, const Case& value, std::vector<BeamAngles> beams, bool is_full,
              double beamlet_mm = 5.0);
  CheckedPlan(const CheckedPlan&) = delete;
  CheckedPlan& operator=(const CheckedPlan&) = delete;

  const std::string& name() const { return name_; }
  const PlanProblem& problem() const { return plan_.problem; }
  /// Right as it is, with what would be sent.
  const dh_advisor::GeometryCheckInput& said() const { return said_; }
  const dh_advisor::Geometry& sent() const { return sent_; }
  const dh_advisor::BeamletFeatures& features() const { return features_; }

 private:
  std::string name_;
  BuiltPlan plan_;
  std::unique_ptr<FeatureSource> source_;
  dh_advisor::BeamletFeatures features_;
  dh_advisor::Geometry sent_;
  dh_advisor::GeometryCheckInput said_;
};

/// All kinds of phantom with several seeds, numbers of beams and couch angles, in both geometries. Made once.
const std::vector<std::unique_ptr<CheckedPlan>>& all_plans();

/// The same doses, scaled, and with beamlet i called place[i]; an empty `place` changes no name.
dh_advisor::DoseSource changed(dh_advisor::DoseSource source, double factor, std::vector<std::uint32_t> place);

/// The doses of a client that computes them in some voxels only.
dh_advisor::DoseSource only_in(dh_advisor::VoxelSpan voxels, const dh_advisor::FeatureInput& input);

}  // namespace rtmodel::testing
