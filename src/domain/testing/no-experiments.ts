import type { ExperimentShelf, PlanExperiments } from '../plan-experiments.js';

/** For hosts without experiments. */
export const noExperiments: PlanExperiments & ExperimentShelf = {
  enrol: async () => ({ arms: new Map(), finish: async () => undefined, lose: () => undefined }),
  prepare: async () => [],
  commit: () => undefined,
};
