import type { ExperimentActivator, PlanExperiments } from '../experiments/plan-experiments.js';
import type { ShadowActivator, ShadowObserverFactory } from '../shadow/shadow-arms.js';

/** For hosts without experiments. */
export const noExperiments: PlanExperiments & ExperimentActivator = {
  enrol: async () => ({ arms: new Map(), finish: async () => true, lose: () => undefined }),
  prepare: async () => [],
  commit: () => undefined,
};

/** For hosts without shadow arms. */
export const noShadows: ShadowActivator & ShadowObserverFactory = {
  prepare: async () => ({ faults: [], commit: () => undefined, discard: () => undefined }),
  observe: () => undefined,
};
