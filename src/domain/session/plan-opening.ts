import type { PlanView } from '../../plugin-sdk/index.js';

/** This host's side of the wire contract. */
export const PROTOCOL = { major: 1, minor: 0 } as const;

export interface FailedSelfCheck {
  /** The contract's name of what is wrong. */
  readonly field: string;
  readonly finding: string;
}

/** The first message of a stream. */
export interface PlanOpening {
  readonly protocol: { readonly major: number; readonly minor: number };
  /** Name and version of the client. */
  readonly client: string;
  readonly planKey: string;
  readonly patientKey: string;
  /** What operators see the plan under; empty when nobody agreed to show one. */
  readonly label: string;
  readonly adviceMode: 'shadow' | 'advise';
  readonly mayRecord: boolean;
  /** Empty for a new plan. */
  readonly resumeToken: string;
  /** W3C trace context of the caller, to hang the plan's trace on; empty without one. */
  readonly traceParent: string;
  readonly plan: PlanView;
  /** What the client's own checks of its plan found, those that failed. */
  readonly failedSelfChecks: readonly FailedSelfCheck[];
}
