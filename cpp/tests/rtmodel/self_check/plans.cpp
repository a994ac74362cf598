#include "rtmodel/self_check/plans.h"

#include "advice/features.h"
#include "objective/parameterization.h"
#include "phantom/make_phantom.h"

namespace rtmodel::testing {
namespace {

PlanOptions options_for(std::vector<BeamAngles> beams, bool is_full, double beamlet_mm) {
  PlanOptions options;
  options.beams = std::move(beams);
  options.beamlet_mm = beamlet_mm;
  if (is_full) options.window_mm.reset();
  return options;
}

using Plans = std::vector<std::unique_ptr<CheckedPlan>>;

Plans make_plans() {
  const std::pair<PhantomKind, const char*> kinds[] = {
      {PhantomKind::kCShape, "c-shape"}, {PhantomKind::kProstate, "prostate"}, {PhantomKind::kHeadNeck, "head-neck"}};
  Plans plans;
  for (const auto& [kind, name] : kinds) {
    for (const std::uint64_t seed : {1, 2, 3}) {
      const Case value = make_phantom(kind, seed);
      const std::string title = name + std::string(" ") + std::to_string(seed);
      plans.push_back(std::make_unique<CheckedPlan>(title + ", 9 beams", value, equispaced_beams(9), false));
      if (seed == 1) {
        plans.push_back(std::make_unique<CheckedPlan>(title + ", 4 beams", value, equispaced_beams(4), false));
        plans.push_back(std::make_unique<CheckedPlan>(title + ", 2 beams", value, equispaced_beams(2), false));
        const std::vector<BeamAngles> turned{{20.0, 0.0}, {110.0, 30.0}, {250.0, 330.0}};
        plans.push_back(std::make_unique<CheckedPlan>(title + ", couch", value, turned, true));
      }
      if (seed != 2) continue;
      plans.push_back(std::make_unique<CheckedPlan>(title + ", whole, 3 beams", value, equispaced_beams(3), true));
    }
  }
  return plans;
}

/// Passes on the entries that `change(beamlet, voxel, dose)` lets through, as it leaves them.
template <typename Change>
dh_advisor::DoseSource filtered(dh_advisor::DoseSource source, Change change) {
  return [source = std::move(source), change = std::move(change)](const dh_advisor::DoseSink& sink) {
    std::pair<const dh_advisor::DoseSink&, const Change&> context{sink, change};
    const auto pass_on = [](void* opaque, std::uint32_t beamlet, std::uint32_t voxel, double dose) {
      const auto& to = *static_cast<decltype(context)*>(opaque);
      if (to.second(beamlet, voxel, dose)) to.first(beamlet, voxel, dose);
    };
    source(dh_advisor::DoseSink(pass_on, &context));
  };
}

}  // namespace

CheckedPlan::CheckedPlan(std::string name, const Case& value, std::vector<BeamAngles> beams, bool is_full,
                         double beamlet_mm)
    : name_(std::move(name)), plan_(build_problem(value, options_for(std::move(beams), is_full, beamlet_mm))) {
  const PlanProblem& problem = plan_.problem;
  source_ = std::make_unique<FeatureSource>(problem);
  features_ = beamlet_features(problem);
  const auto n = source_->input().beamlet_count;
  const auto structures = static_cast<std::uint32_t>(problem.structures.size());
  using dh_advisor::TensorKind;
  sent_.tensors = {{TensorKind::kColumnNorm, features_.column_norm.data(), {n}},
                   {TensorKind::kStructureMeanDose, features_.mean_dose.data(), {n, structures}},
                   {TensorKind::kStructureMaxDose, features_.max_dose.data(), {n, structures}}};
  said_.features = source_->input();
  said_.beams = problem.beams;
  said_.isocenter_mm = problem.grid.isocenter_mm;
  said_.weight_ceiling = kWeightCeiling;
  said_.geometry = &sent_;
  for (const PlannedStructure& structure : problem.structures) {
    said_.structures.push_back(structure.description);
    sent_.structures.push_back(structure.geometry);
  }
}

const Plans& all_plans() {
  static const Plans plans = make_plans();
  return plans;
}

dh_advisor::DoseSource changed(dh_advisor::DoseSource source, double factor, std::vector<std::uint32_t> place) {
  return filtered(std::move(source),
                  [factor, place = std::move(place)](std::uint32_t& beamlet, std::uint32_t, double& dose) {
                    if (!place.empty()) beamlet = place[beamlet];
                    dose *= factor;
                    return true;
                  });
}

dh_advisor::DoseSource only_in(dh_advisor::VoxelSpan voxels, const dh_advisor::FeatureInput& input) {
  std::vector<bool> is_in(input.grid.voxel_count(), false);
  for (const std::uint32_t voxel : voxels) is_in[voxel] = true;
  return filtered(input.dose, [is_in = std::move(is_in)](std::uint32_t&, std::uint32_t voxel, double&) {
    return static_cast<bool>(is_in[voxel]);
  });
}

}  // namespace rtmodel::testing
