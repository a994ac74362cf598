import type { ExperimentShelf, PlanExperiments } from '../experiments/plan-experiments.js';
import type { ShadowFollowers, ShadowShelf } from '../shadow/shadow-arms.js';

/** For hosts without experiments. */
export const noExperiments: PlanExperiments & ExperimentShelf = {
  enrol: async () => ({ arms: new Map(), finish: async () => true, lose: () => undefined }),
  prepare: async () => [],
  commit: () => undefined,
};

/** For hosts without shadow arms. */
export const noShadows: ShadowShelf & ShadowFollowers = {
  prepare: async () => ({ faults: [], commit: () => undefined, discard: () => undefined }),
  follow: () => undefined,
};
