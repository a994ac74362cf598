import type { HostConfig } from '../host-config.js';
import type { ActivationFault } from '../operations/activation.js';
import type {
  AssignmentStore,
  Experiment,
  ExperimentStore,
  OutcomeStore,
  PlanKeys,
  PromotionStore,
} from './experiments.js';
import type { EndingSpool, TakenOver } from './plan-ending.js';

/** Everything that is kept of experiments. */
export interface ExperimentStores {
  readonly assignments: AssignmentStore;
  readonly outcomes: OutcomeStore;
  readonly experiments: ExperimentStore;
  readonly promotions: PromotionStore;
  /** Whether it is a server that several hosts use. */
  readonly isShared: boolean;
  /** For ends of plans that `outcomes` cannot take now. */
  readonly spool: EndingSpool;
  /** The keys as they are kept: hashed with a secret of this installation. */
  pseudonymous(keys: PlanKeys): PlanKeys;
  /** Brings a database that was replaced meanwhile to this version; only reads when it is. @throws what is wrong with it. */
  check(): Promise<void>;
  /** Sees to the sessions of hosts that no longer run, as far as that can be told; the other hosts' are left alone. */
  takeOver(atMs: number): Promise<TakenOver>;
  close(): Promise<void>;
}

/**
 * @param ownFolder Absolute; of this host alone, for what a server's database cannot take. Undefined: it has none.
 * @throws when the database can't be opened.
 */
export type OpenExperimentStores = (
  url: string,
  ownFolder?: string | undefined,
) => Promise<ExperimentStores>;

export interface EnrolmentRequest {
  readonly session: string;
  /** As the client sent them. */
  readonly keys: PlanKeys;
  /** Known before any advice; see `featuresOf`. */
  readonly features: Readonly<Record<string, number>>;
  /** Experiment -> arm, asked for with operator credentials. */
  readonly forced: Readonly<Record<string, string>>;
  /** The session was open before, at a host that may have booked it as lost. */
  readonly isResumed?: boolean;
}

/** A plan's part in experiments. Neither way of ending it throws or rejects, and only the first one counts. */
export interface Enrolment {
  /** Experiment -> arm that serves the plan; an experiment it takes no part in is missing. */
  readonly arms: ReadonlyMap<string, string>;
  /** Resolves when the outcome is stored, or when it took too long to wait for; whether it is on disk by then. */
  finish(metrics: Readonly<Record<string, number>>): Promise<boolean>;
  /** The session did not come to its end. */
  lose(): void;
}

/** What the host needs of experiments. */
export interface PlanExperiments {
  /**
   * Gives a plan its arms, with an open outcome for each. Both are stored when it resolves, which is within the deadline of the
   * configuration. Never rejects: where the store fails or is late, the plan takes no part.
   */
  enrol(experiments: readonly Experiment[], request: EnrolmentRequest): Promise<Enrolment>;
}

/** Experiments under a configuration to come. */
export interface ExperimentActivator {
  /** Opens the database when there are experiments and it is not open. */
  prepare(config: HostConfig): Promise<readonly ActivationFault[]>;
  /** From now on these are the experiments. */
  commit(config: HostConfig): void;
}
