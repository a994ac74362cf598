import { proposeAssignment } from '../domain/assignment.js';
import type {
  Assignment,
  AssignmentProposal,
  AssignmentStore,
  Experiment,
  RampPosition,
  RoleOverrides,
} from '../domain/experiments.js';
import { rampPercent, takesPlans } from './ramp.js';

/** An experiment that takes new units. */
export interface ActiveExperiment {
  readonly experiment: Experiment;
  readonly ramp: RampPosition;
}

/** What an experiment says of a plan. */
export interface PlanAssignment {
  readonly experiment: Experiment;
  readonly assignment: Assignment | AssignmentProposal;
  /** False when the plan is excluded, its arm was stopped, or the experiment has ended on its ramp: then it has no outcome. */
  readonly isServed: boolean;
  /** Empty unless served. */
  readonly overrides: RoleOverrides;
}

export interface PlanKeys {
  /** Pseudonymous; empty when the client sent none. */
  readonly planKey: string;
  readonly patientKey: string;
}

/** Gives plans their arms, once and for good. */
export class Assigner {
  readonly #store: AssignmentStore;
  readonly #nowMs: () => number;
  readonly #onFailure: (experiment: string, error: unknown) => void;

  /**
   * @param onFailure Told of an experiment whose store failed; the plan runs without it.
   */
  constructor(
    store: AssignmentStore,
    nowMs: () => number,
    onFailure: (experiment: string, error: unknown) => void,
  ) {
    this.#store = store;
    this.#nowMs = nowMs;
    this.#onFailure = onFailure;
  }

  /**
   * The plan's arm in each experiment, stored when it resolves. Never rejects: an experiment whose store fails leaves the plan
   * as configured, and out of every analysis.
   *
   * @param forced Experiment -> arm, asked for with operator credentials. A unit that has an arm keeps it.
   */
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
          atMs: this.#nowMs(),
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
    try {
      return await this.#store.assign(proposal);
    } catch (error) {
      this.#onFailure(proposal.experiment, error);
      return { ...proposal, arm: undefined, reason: 'store-unavailable' };
    }
  }
}

function overridesOf({ arms }: Experiment, arm: string): RoleOverrides {
  return arms.find(({ id }) => id === arm)?.roles ?? {};
}
