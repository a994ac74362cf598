#pragma once

#include <PlanOptimizer.h>

#include "plan_advisor.h"

namespace dh_adapter {

/// dH's optimizer of a plan, advised. Takes the place of `dH::PlanOptimizer` where one is made, by its own type: dH's
/// functions are not virtual.
///
/// Without a host, with a dead or frozen one, in shadow mode and with refused advice only, the weights are the same
/// bits as those of `dH::PlanOptimizer`. Throws nothing that dH does not. As thread-safe as dH's.
class AdvisedPlanOptimizer : public dH::PlanOptimizer {
 public:
  AdvisedPlanOptimizer(CPlan* pPlan, AdapterOptions options) : dH::PlanOptimizer(pPlan), options_(std::move(options)) {}

  /// Remembers the order of the structures: dH's own map has that of their addresses.
  void AddStructureTerm(dH::VOITerm* pST);
  bool Optimize(CVectorN<>& vInit, OptimizerCallback* pFunc, void* pParam);

  /// Why the last plan had no advice, or ok.
  const dh_advisor::Status& LastStatus() const { return last_status_; }

 private:
  bool Descend(CVectorN<>& vInit, OptimizerCallback* pFunc, void* pParam, PlanAdvisor& advisor);

  AdapterOptions options_;
  std::vector<dH::Structure*> structures_;
  dh_advisor::Status last_status_;
};

}  // namespace dh_adapter
