import { HostError } from '../domain/errors/host-error.js';
import type { Experiment } from '../domain/experiments/experiments.js';
import type { ExperimentStores } from '../domain/experiments/plan-experiments.js';
import type { ActivationFault } from '../domain/operations/activation.js';

/** What units are drawn by: with another one, those that were drawn are not what the experiment would draw. */
const DRAWN_BY = ['salt', 'unit', 'layer'] as const;

/** A running experiment that is not the one whose units are stored. */
export interface ChangedDraw {
  readonly id: string;
  readonly what: (typeof DRAWN_BY)[number];
  readonly error: HostError;
}

/** Running experiments that are drawn otherwise than their stored units were. @throws when the store fails. */
export async function changedDraws(
  { experiments: store, assignments }: Pick<ExperimentStores, 'experiments' | 'assignments'>,
  experiments: readonly Experiment[],
): Promise<readonly ChangedDraw[]> {
  const changed: ChangedDraw[] = [];
  for (const experiment of experiments) {
    const { id, state } = experiment;
    if (state === 'ended') continue;
    const kept = (await store.get(id))?.experiment;
    if (kept === undefined) continue;
    const what = DRAWN_BY.find(
      (part) => JSON.stringify(kept[part]) !== JSON.stringify(experiment[part]),
    );
    if (what === undefined || !(await assignments.hasUnits(id))) continue;
    changed.push({
      id,
      what,
      error: new HostError('experiment-changed', { experiment: id, what }),
    });
  }
  return changed;
}

/** The same as faults of a configuration. `known`: what is in force has them, too. */
export function drawFaults(
  changed: readonly ChangedDraw[],
  experiments: readonly Experiment[],
  known: ReadonlySet<string>,
): readonly ActivationFault[] {
  return changed.map(({ id, what, error }) => ({
    path: ['experiments', experiments.findIndex((one) => one.id === id), what],
    error,
    isOld: known.has(id),
  }));
}
