// What the process of the plans is told, and what it tells.
import type { PLAN_KINDS } from './plan-kinds.js';

export interface PacedLoad {
  readonly address: string;
  /** How many plans are open at any time. */
  readonly plans: number;
  readonly periodMs: number;
  /** Of each plan. */
  readonly iterations: number;
  /** `small`, a beamlet and scalars only, or `large`, 500 beamlets with the features that learned starts take. */
  readonly kind: keyof typeof PLAN_KINDS;
}

export interface PacedCounts {
  readonly plans: number;
  /** Plans that an experiment took. */
  readonly inArms: number;
  readonly answers: number;
  readonly streamErrors: number;
  /** Pieces of advice of another generation than the plan opened under. */
  readonly wrongGeneration: number;
}

/** By name of the phase, in microseconds. */
export type PhaseTimes = readonly (readonly [string, readonly number[]])[];

export interface PacedAnswer {
  readonly counts: PacedCounts;
  /** How many generations plans opened under. */
  readonly generations: number;
  readonly timesUs: PhaseTimes;
  /** Sessions whose outcome the host has said to be kept. */
  readonly summedUp: readonly string[];
}

/** When each plan first heard that advice is stopped, in milliseconds since 1970, and how many were advised all the same. */
export interface HeardOfStop {
  readonly atMs: readonly number[];
  readonly appliedAfterStop: number;
}

export type ToPlans =
  | { readonly kind: 'load'; readonly load: PacedLoad }
  | { readonly kind: 'phase'; readonly phase: string }
  | { readonly kind: 'stopped'; readonly atMs: number }
  | { readonly kind: 'ask-stop' }
  | { readonly kind: 'end' };

export type FromPlans =
  | { readonly kind: 'open' }
  | { readonly kind: 'stop'; readonly stop: HeardOfStop }
  | { readonly kind: 'answer'; readonly answer: PacedAnswer };

/** Milliseconds since 1970, finer than a millisecond; the same in every process of the machine. */
export const wallMs = (): number => performance.timeOrigin + performance.now();
