import type { AdviceOf, Role, Solver } from '../../plugin-sdk/index.js';

/** What became of a question. Only `applied` and `clamped` come with a value. */
export const OUTCOMES = [
  'applied',
  'clamped',
  'rejected',
  'default',
  'timeout',
  'failed',
  'out-of-distribution',
  'disabled',
] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** What the host makes of one answer of a plugin. */
export interface RoleResult<R extends Role = Role> {
  readonly outcome: Outcome;
  /** A stable code; empty with `applied`. */
  readonly reason: string;
  /** What the plugin said when it gave no value, for people. */
  readonly detail?: string | undefined;
  readonly value: AdviceOf<R> | undefined;
  readonly outOfDistributionScore: number;
  /** Whether it counts towards switching the role off. */
  readonly isFailure: boolean;
}

/** A result, accounted for. */
export interface Advice<R extends Role = Role> extends RoleResult<R> {
  readonly role: R;
  /** Of the configuration that its plugin and models come from. */
  readonly generation: number;
  readonly latencyUs: number;
  /** No value of this role will come for the rest of the plan. */
  readonly isFinal: boolean;
}

export function applied<R extends Role>(value: AdviceOf<R>): RoleResult<R> {
  return { outcome: 'applied', reason: '', value, outOfDistributionScore: 0, isFailure: false };
}

export function clamped<R extends Role>(value: AdviceOf<R>, reason: string): RoleResult<R> {
  return { outcome: 'clamped', reason, value, outOfDistributionScore: 0, isFailure: false };
}

/** A result without a value. */
export function noAdvice(outcome: Outcome, reason: string, isFailure = false): RoleResult<never> {
  return { outcome, reason, value: undefined, outOfDistributionScore: 0, isFailure };
}

/** What serves one role in a session; pinned until it ends. */
export interface Binding {
  readonly role: Role;
  /** Empty when the role is off. */
  readonly plugin: string;
  readonly pluginVersion: string;
  /** `id/version` and hash of the model; empty without one, separated by commas when there are several. */
  readonly model: string;
  readonly modelSha256: string;
  readonly arm: string;
  /** Of a role that is configured for plans of this solver; undefined when it serves all others. */
  readonly solver: Solver | undefined;
  readonly deadlineMs: number;
}

/** A role and whose plans it serves, for people: `initialization`, or `initialization (dh)`. */
export function servedName({ role, solver }: Pick<Binding, 'role' | 'solver'>): string {
  return solver === undefined ? role : `${role} (${solver})`;
}

/** A binding as one plan has it. */
export interface PlanBinding extends Binding {
  /** Why its plugin has nothing for this plan, in words; empty while it may have. */
  readonly declined: string;
}
