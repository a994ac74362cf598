import type { ExperimentStores } from '../domain/experiments/plan-experiments.js';
import { analyse } from './analysis/analyse.js';
import { nextRamp, takesPlans } from './ramp.js';

/** Where an experiment went. */
export interface RampChange {
  readonly experiment: string;
  readonly state: string;
  readonly stoppedArms: readonly string[];
  readonly reason: string;
}

/**
 * Looks at experiments and moves their ramps: wider, held, an arm stopped, rolled back, promoted. Another host that moved one meanwhile
 * was as right as this one.
 */
export async function analyseInterim(
  stores: Pick<ExperimentStores, 'assignments' | 'outcomes' | 'experiments'>,
  ids: readonly string[],
  atMs: number,
): Promise<readonly RampChange[]> {
  const changes: RampChange[] = [];
  for (const id of ids) {
    const stored = await stores.experiments.get(id);
    if (stored === undefined || !takesPlans(stored.ramp)) continue;
    const { experiment, ramp } = stored;
    const assignments = await stores.assignments.assignments(id);
    const outcomes = await stores.outcomes.outcomes(id);
    const shadows = await stores.outcomes.shadows(id);
    const next = nextRamp(analyse({ experiment, ramp, assignments, outcomes, shadows }, atMs));
    if (next === ramp || !(await stores.experiments.replaceRamp(id, ramp, next, atMs))) continue;
    const { state, stoppedArms, reason } = next;
    changes.push({ experiment: id, state, stoppedArms, reason });
  }
  return changes;
}
