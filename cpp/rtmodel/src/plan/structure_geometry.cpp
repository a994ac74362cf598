#include "plan/structure_geometry.h"

#include "dose/dose_model.h"
#include "geometry/voxels.h"
#include "plan/feature_input.h"

namespace rtmodel {

void describe_geometry(const std::vector<bool>& is_target, PlanProblem& problem) {
  std::vector<dh_advisor::StructureGeometry> geometry;
  require_ok(dh_advisor::build_structure_geometry(FeatureSource(problem).input(), voxels_of(is_target),
                                                  kDoseModel.uniform_weight, geometry));
  for (std::size_t s = 0; s < geometry.size(); ++s) problem.structures[s].geometry = geometry[s];
}

}  // namespace rtmodel
