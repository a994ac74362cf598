import { HostError } from '../domain/errors/host-error.js';
import type { Experiment } from '../domain/experiments/experiments.js';
import type { ExperimentStores } from '../domain/experiments/plan-experiments.js';
import type { ActivationFault } from '../domain/operations/activation.js';

/** What an assignment depends on: after a change of one of them, stored units are not where the experiment would put them. */
const ASSIGNMENT_KEYS = ['salt', 'unit', 'layer'] as const;

/** A running experiment that is not the one whose units are stored. */
export interface AssignmentDrift {
  readonly id: string;
  readonly what: (typeof ASSIGNMENT_KEYS)[number];
  readonly error: HostError;
}

/** Running experiments that would assign their stored units otherwise. @throws when the store fails. */
export async function assignmentDrifts(
  { experiments: store, assignments }: Pick<ExperimentStores, 'experiments' | 'assignments'>,
  experiments: readonly Experiment[],
): Promise<readonly AssignmentDrift[]> {
  const drifted: AssignmentDrift[] = [];
  for (const experiment of experiments) {
    const { id, state } = experiment;
    if (state === 'ended') continue;
    const kept = (await store.get(id))?.experiment;
    if (kept === undefined) continue;
    const what = ASSIGNMENT_KEYS.find(
      (part) => JSON.stringify(kept[part]) !== JSON.stringify(experiment[part]),
    );
    if (what === undefined || !(await assignments.hasUnits(id))) continue;
    drifted.push({
      id,
      what,
      error: new HostError('experiment-changed', { experiment: id, what }),
    });
  }
  return drifted;
}

/** The same as faults of a configuration. `known`: what is in force has them, too. */
export function driftFaults(
  drifted: readonly AssignmentDrift[],
  experiments: readonly Experiment[],
  known: ReadonlySet<string>,
): readonly ActivationFault[] {
  return drifted.map(({ id, what, error }) => ({
    path: ['experiments', experiments.findIndex((experiment) => experiment.id === id), what],
    error,
    isOld: known.has(id),
  }));
}
