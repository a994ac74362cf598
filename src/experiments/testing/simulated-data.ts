import { proposeAssignment } from '../../domain/experiments/assignment.js';
import type {
  Assignment,
  Experiment,
  OutcomeRecord,
  RampPosition,
} from '../../domain/experiments/experiments.js';
import { seededRandom } from '../../plugin-sdk/internal/seeded-random.js';
import type { ExperimentData } from '../analysis/analyse.js';

export const fullRamp: RampPosition = {
  step: 0,
  sinceMs: 0,
  state: 'full',
  reason: 'there is no ramp',
  stoppedArms: [],
};

/** What becomes of a plan in an arm: its cost over control's, and its chance to be lost. */
export interface ArmTruth {
  readonly ratio?: number;
  readonly loss?: number;
  /** Of the reference objective over control's. */
  readonly objective?: number;
}

/** An experiment's data after so many plans, one a unit, each a second after the one before. */
export function simulatedData(
  experiment: Experiment,
  plans: number,
  truth: Readonly<Record<string, ArmTruth>> = {},
  seed = 1,
): ExperimentData {
  const random = seededRandom.stream(seed);
  const assignments: Assignment[] = [];
  const outcomes: OutcomeRecord[] = [];
  for (let plan = 1; plan <= plans; plan += 1) {
    const unit = `${seed}-${plan}`;
    const conditions = { rampPercent: 100, stoppedArms: [], forcedArm: undefined, atMs: plan };
    const proposal = proposeAssignment(experiment, unit, conditions);
    assignments.push({ ...proposal, sequence: plan });
    const size = random.normal();
    const noise = 0.2 * random.normal();
    const isLost = random.uniform();
    if (proposal.arm === undefined) continue;
    const { ratio = 1, loss = 0, objective = 1 } = truth[proposal.arm] ?? {};
    const features = { beamlets: 350 * Math.exp(0.8 * size) };
    const opened = { experiment: experiment.id, session: `s-${unit}`, unit, arm: proposal.arm };
    const metrics = {
      call_equivalents: 80 * ratio * Math.exp(0.3 * size + noise),
      reference_objective: 5 * objective * Math.exp(0.02 * random.normal()),
    };
    outcomes.push({
      ...opened,
      features,
      atMs: plan,
      sequence: plan,
      endedAtMs: plan + 1000,
      ...(isLost < loss ? { status: 'lost', metrics: {} } : { status: 'finished', metrics }),
    });
  }
  return { experiment, ramp: fullRamp, assignments, outcomes, shadows: [] };
}
