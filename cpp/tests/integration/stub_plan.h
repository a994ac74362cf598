#pragma once

#include <memory>
#include <vector>

#include "advised_plan_optimizer.h"

namespace dh_adapter::testing {

/// A plan of the stub: a disc with a target bent round a cord, three uneven beams of 17 columns of 4 mm, grids turned
/// with the beams, doses in units of 100 Gy.
struct StubPlan {
  StubPlan();

  /// Any optimizer of dH's, with the goals added.
  template <typename Optimizer, typename... More>
  std::unique_ptr<Optimizer> optimizer(More&&... more) {
    auto made = std::make_unique<Optimizer>(&plan, std::forward<More>(more)...);
    for (const Goal& goal : goals()) {
      auto* term = new dH::KLDivTerm(goal.structure, goal.weight);
      CMatrixNxM<> points(2, 2);
      points[0][0] = goal.low;
      points[0][1] = 1.0;
      points[1][0] = goal.high;
      term->SetDVPs(points);
      made->AddStructureTerm(term);
    }
    return made;
  }

  CPlan plan;
  dH::Structure target, cord, tissue;

 private:
  struct Goal {
    dH::Structure* structure;
    double weight, low, high;  // doses in units of 100 Gy
  };
  std::vector<Goal> goals() { return {{&target, 2.5, 0.60, 0.65}, {&cord, 0.5, 0.0, 0.25}, {&tissue, 0.15, 0.0, 0.3}}; }
};

std::vector<double> to_vector(const CVectorN<>& values);

}  // namespace dh_adapter::testing
