import type { PlanView } from './plan-view.js';
import type { Tensors, Volume, VolumeKind } from './tensor.js';

/** Geometry of one structure that costs something to compute. */
export interface StructureGeometry {
  /** Index into `plan.structures`. */
  readonly structure: number;
  /** Surface of the equal-volume ball over the structure's surface, in (0, 1]. */
  readonly sphericity: number;
  /** Mean gradient of the uniform-weight dose inside the structure. */
  readonly doseGradientGyPerMm: number;
  /** Shortest distance to a target; 0 for a target. */
  readonly targetDistanceMm: number;
}

/** Sent once, before the first level. The question of `histogram-sigma` and `pyramid-sigma`. */
export interface Geometry {
  readonly kind: 'geometry';
  readonly structures: readonly StructureGeometry[];
  /** Per-beamlet features of the finest level. */
  readonly tensors: Tensors;
}

/** A level, or one stage of it, is about to start. */
export interface LevelStart {
  readonly kind: 'level-start';
  readonly level: number;
  /** Counts the starts of the plan from 0: a schedule may visit a level more than once. */
  readonly stage: number;
  readonly beamletCount: number;
  /** Sigma and variance bounds now in force. */
  readonly histogramSigmaGy: number;
  readonly varianceLowerGy2: number;
  readonly varianceUpperGy2: number;
  /** Objective of the level at the default start. */
  readonly objective: number;
  readonly tensors: Tensors;
}

/** The scalars of one finished iteration. */
export interface IterationRecord {
  readonly level: number;
  readonly stage: number;
  /** Counts from 0 in each stage. */
  readonly iteration: number;
  /** The run's own objective F after the iteration, dimensionless. */
  readonly objective: number;
  /** Euclidean norm of dF/dw. */
  readonly gradientNorm: number;
  /** Length of the step in the solver's own variables. */
  readonly stepLength: number;
  /** Of the plan so far. */
  readonly valueCalls: number;
  readonly gradientCalls: number;
  readonly elapsedMs: number;
}

/** A finished iteration with what came along. The tensors live only for the call; copy what must last. */
export interface Iteration extends IterationRecord {
  readonly kind: 'iteration';
  readonly tensors: Tensors;
}

export type StopReason =
  | 'tolerance'
  | 'iteration-limit'
  | 'advice'
  | 'zero-gradient'
  | 'line-search'
  | 'cancelled'
  | 'safeguard'
  | 'unspecified';

/** A stage has ended. */
export interface LevelEnd {
  readonly kind: 'level-end';
  readonly level: number;
  readonly stage: number;
  readonly stopReason: StopReason;
  readonly iterations: number;
  readonly valueCalls: number;
  readonly gradientCalls: number;
  readonly objective: number;
  readonly elapsedMs: number;
}

/** One stage as it went so far. Its start keeps its scalars only: level-start tensors live for that call. */
export interface StageView {
  readonly start: Omit<LevelStart, 'kind' | 'tensors'>;
  /** Oldest first. The oldest are dropped beyond the host's history bound; see `droppedIterations`. */
  readonly iterations: readonly IterationRecord[];
  readonly droppedIterations: number;
  /** Undefined while the stage runs. */
  readonly end: Omit<LevelEnd, 'kind'> | undefined;
}

/**
 * What a plugin may know about the session it advises. The same object for the whole session; it grows as events
 * arrive. A plugin reads it, never writes it.
 */
export interface SessionView {
  /** Opaque; for log lines only. */
  readonly sessionId: string;
  /** Derived from the plan's key: the same plan gets the same seed. An unsigned 32-bit integer. */
  readonly seed: number;
  readonly plan: PlanView;
  /** Undefined until the client has sent it; some never do. */
  readonly geometry: Geometry | undefined;
  readonly volumes: Readonly<Partial<Record<VolumeKind, Volume>>>;
  /** Oldest first; the last is the one running. The newest 512, and fewer where stages are very long. */
  readonly stages: readonly StageView[];
}
