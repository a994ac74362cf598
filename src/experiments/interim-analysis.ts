import type { ExperimentStores } from '../domain/experiments/plan-experiments.js';
import { analyse } from './analysis/analyse.js';
import { moveRamp, takesPlans } from './ramp.js';

/** Where an experiment went. */
export interface RampMove {
  readonly experiment: string;
  readonly state: string;
  readonly stoppedArms: readonly string[];
  readonly reason: string;
}

/**
 * Looks at experiments and moves their ramps: wider, held, an arm stopped, rolled back, promoted. Another host that moved one meanwhile
 * was as right as this one.
 */
export async function lookAtAll(
  stores: Pick<ExperimentStores, 'assignments' | 'outcomes' | 'experiments'>,
  ids: readonly string[],
  atMs: number,
): Promise<readonly RampMove[]> {
  const moves: RampMove[] = [];
  for (const id of ids) {
    const stored = await stores.experiments.get(id);
    if (stored === undefined || !takesPlans(stored.ramp)) continue;
    const { experiment, ramp } = stored;
    const assignments = await stores.assignments.assignments(id);
    const outcomes = await stores.outcomes.outcomes(id);
    const shadows = await stores.outcomes.shadows(id);
    const to = moveRamp(analyse({ experiment, ramp, assignments, outcomes, shadows }, atMs));
    if (to === ramp || !(await stores.experiments.moveRamp(id, ramp, to, atMs))) continue;
    const { state, stoppedArms, reason } = to;
    moves.push({ experiment: id, state, stoppedArms, reason });
  }
  return moves;
}
