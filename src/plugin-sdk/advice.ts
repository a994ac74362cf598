import type { Role } from './role.js';
import type { ReadonlyVector } from './tensor.js';

/** What every piece of advice may carry. */
export interface AdviceValue {
  /** How far outside the model's training ranges the question lay: 0 inside, 1 at the refusal threshold. */
  readonly outOfDistributionScore?: number | undefined;
}

/** Start weights of a level. */
export interface InitializationAdvice extends AdviceValue {
  /** Length n of the level, in [0, weightCeiling]. */
  readonly weights: ReadonlyVector;
}

export interface StructureSigma {
  /** Index into `plan.structures`, at most once each. */
  readonly structure: number;
  /** At the finest level, inside the host's bounds. */
  readonly histogramSigmaGy: number;
}

/** Histogram sigma per structure. Structures left out keep their default. */
export interface HistogramSigmaAdvice extends AdviceValue {
  readonly structures: readonly StructureSigma[];
}

export interface Stage {
  readonly level: number;
  readonly histogramSigmaGy: number;
  /** 0 = the solver's own limit. */
  readonly iterationLimit: number;
}

/**
 * A schedule in order of execution. Level and sigma never rise, and the last stage is level 0 at its default sigma
 * without a limit.
 */
export interface PyramidSigmaAdvice extends AdviceValue {
  readonly stages: readonly Stage[];
}

/** Per-beamlet variance. */
export interface AdaptiveVarianceAdvice extends AdviceValue {
  /** Length n of the level, inside the level's bounds. */
  readonly varianceGy2: ReadonlyVector;
}

/** A search direction, downhill for the gradient that came with the question. */
export interface StepDirectionAdvice extends AdviceValue {
  /** The variables of `direction`: beamlet weights w or sigmoid parameters x. */
  readonly space: 'weights' | 'parameters';
  /** Length n of the level. */
  readonly direction: ReadonlyVector;
  /** Multiplier of `direction` to try first, above 0; absent when only the direction is meant. */
  readonly stepLength?: number | undefined;
}

/** Whether to go on, and where the run is heading. */
export interface EarlyStoppingAdvice extends AdviceValue {
  readonly decision: 'continue' | 'stop-level' | 'stop-all';
  /** For people. Required, and not empty, with a stop. */
  readonly explanation?: string | undefined;
  /** Predicted objective at the end of the stage. */
  readonly predictedFinalObjective?: number | undefined;
  /** Standard deviation of that prediction, at least 0. */
  readonly predictedStandardDeviation?: number | undefined;
}

/** Role -> what its plugins say. */
export interface AdviceByRole {
  readonly initialization: InitializationAdvice;
  readonly 'histogram-sigma': HistogramSigmaAdvice;
  readonly 'pyramid-sigma': PyramidSigmaAdvice;
  readonly 'adaptive-variance': AdaptiveVarianceAdvice;
  readonly 'step-direction': StepDirectionAdvice;
  readonly 'early-stopping': EarlyStoppingAdvice;
}

export type AdviceOf<R extends Role> = AdviceByRole[R];
