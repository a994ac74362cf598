import type { Generated } from 'kysely';

/** Columns of JSON are text, so that both databases keep them as written. Times are milliseconds since 1970. */
export interface ExperimentTable {
  readonly id: string;
  readonly definition: string;
  readonly ramp: string;
  readonly updated_at_ms: number;
}

/** One row for each unit that an experiment has seen. */
export interface AssignmentTable {
  /** In the order of first words, with gaps: PostgreSQL draws a number also for a unit that is known. */
  readonly sequence: Generated<number>;
  readonly experiment: string;
  readonly unit: string;
  /** Null: excluded. */
  readonly arm: string | null;
  readonly reason: string;
  readonly shares: string;
  readonly at_ms: number;
}

/** One row for each session of an experiment, from before it is accepted. */
export interface OutcomeTable {
  readonly sequence: Generated<number>;
  readonly experiment: string;
  readonly session: string;
  readonly unit: string;
  readonly arm: string;
  readonly features: string;
  readonly opened_at_ms: number;
  readonly status: 'open' | 'finished' | 'lost';
  readonly metrics: string;
  readonly ended_at_ms: number | null;
  /** Who opened it; empty in rows of hosts that had no id yet. */
  readonly host: Generated<string>;
}

/** One row for each plan and shadow arm: computed on all of it, or lost. */
export interface ShadowOutcomeTable {
  readonly experiment: string;
  readonly session: string;
  readonly arm: string;
  readonly served: string;
  readonly metrics: string;
  readonly roles: string;
  /** Why it was lost; empty when it was computed. */
  readonly lost: Generated<string>;
  readonly at_ms: number;
}

/** A promotion in one configuration file. */
export interface PromotionTable {
  readonly experiment: string;
  readonly configuration: string;
  readonly state: 'moving' | 'moved' | 'failed';
  readonly attempts: number;
  readonly problem: string;
  readonly at_ms: number;
}

export interface DatabaseSchema {
  readonly experiments: ExperimentTable;
  readonly assignments: AssignmentTable;
  readonly outcomes: OutcomeTable;
  readonly shadow_outcomes: ShadowOutcomeTable;
  readonly promotions: PromotionTable;
}
