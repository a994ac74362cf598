import type { Clock } from '../domain/clock.js';
import { proposeAssignment } from '../domain/experiments/assignment.js';
import type {
  ActiveExperiment,
  Assignment,
  AssignmentProposal,
  AssignmentStore,
  Experiment,
  PlanAssigner,
  PlanAssignment,
  PlanKeys,
  RoleOverrides,
} from '../domain/experiments/experiments.js';
import { withinTime } from '../domain/within-time.js';
import { rampPercent, takesPlans } from './ramp.js';

export interface AssignerOptions {
  readonly store: AssignmentStore;
  readonly clock: Clock;
  /** A store that takes longer has failed: no plan waits for an experiment. */
  readonly deadlineMs: number;
  /** Milliseconds since 1970, for the record. */
  readonly wallMs: () => number;
  /** Told of an experiment whose store failed or was late; the plan runs without it. */
  readonly onFailure: (experiment: string, error: unknown) => void;
}

/** Gives plans their arms, once and for good. */
export class Assigner implements PlanAssigner {
  readonly #options: AssignerOptions;

  constructor(options: AssignerOptions) {
    this.#options = options;
  }

  async assign(
    active: readonly ActiveExperiment[],
    { planKey, patientKey }: PlanKeys,
    forced: Readonly<Record<string, string>> = {},
  ): Promise<readonly PlanAssignment[]> {
    return Promise.all(
      active.map(async ({ experiment, ramp }) => {
        const arm = forced[experiment.id];
        const isKnown = experiment.arms.some(({ id }) => id === arm);
        const unit = experiment.unit === 'plan' ? planKey : patientKey;
        const proposal = proposeAssignment(experiment, unit, {
          rampPercent: rampPercent(experiment, ramp),
          stoppedArms: ramp.stoppedArms,
          forcedArm: isKnown ? arm : undefined,
          atMs: this.#options.wallMs(),
        });
        const assignment = unit === '' ? proposal : await this.#keep(proposal);
        const { arm: given } = assignment;
        // A stopped arm keeps its units and serves none of their later plans: what it did to the earlier ones is known.
        const isServed =
          given !== undefined && !ramp.stoppedArms.includes(given) && takesPlans(ramp);
        const overrides = isServed ? overridesOf(experiment, given) : {};
        return { experiment, assignment, isServed, overrides };
      }),
    );
  }

  async #keep(proposal: AssignmentProposal): Promise<Assignment | AssignmentProposal> {
    const { store, clock, deadlineMs, onFailure } = this.#options;
    try {
      return await withinTime(store.assign(proposal), deadlineMs, clock);
    } catch (error) {
      onFailure(proposal.experiment, error);
      return { ...proposal, arm: undefined, reason: 'store-unavailable' };
    }
  }
}

function overridesOf({ arms }: Experiment, arm: string): RoleOverrides {
  return arms.find(({ id }) => id === arm)?.roles ?? {};
}
