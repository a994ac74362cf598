import type { Tensor } from '../../plugin-sdk/index.js';

/** A figure read off the recomputed dose of one structure. */
export interface DoseMetric {
  /** Index into `plan.structures`. */
  readonly structure: number;
  /** Such as `D95`. */
  readonly name: string;
  readonly value: number;
  /** `Gy` or `1`. */
  readonly unit: string;
}

/** Cumulative dose-volume histogram of one structure: `volumeFractions[k]` of it receives at least `dosesGy[k]`. */
export interface DoseVolumeCurve {
  /** Index into `plan.structures`. */
  readonly structure: number;
  /** Ascending, at least 0. */
  readonly dosesGy: Float64Array;
  /** In [0, 1], as long as `dosesGy`. */
  readonly volumeFractions: Float64Array;
}

export const PLANES = ['axial', 'coronal', 'sagittal'] as const;

export type Plane = (typeof PLANES)[number];

/** The dose in one plane through the isocentre. */
export interface DoseSlice {
  readonly plane: Plane;
  /** Shape (rows, columns), Gy. */
  readonly doseGy: Tensor;
  readonly rowSpacingMm: number;
  readonly columnSpacingMm: number;
}

/** The same plan made without advice, by the same client. */
export interface UnadvisedPlan {
  readonly referenceObjective: number;
  readonly callEquivalents: number;
  readonly metrics: readonly DoseMetric[];
  readonly curves: readonly DoseVolumeCurve[];
}

/** What of a plan's end is for people alone: no host decides by it, and none stores it. */
export interface FinishPictures {
  readonly curves: readonly DoseVolumeCurve[];
  /** At most one a plane. */
  readonly slices: readonly DoseSlice[];
  /** Undefined when the client made no plan without advice. */
  readonly unadvised: UnadvisedPlan | undefined;
}

export const NO_PICTURES: FinishPictures = { curves: [], slices: [], unadvised: undefined };

/** How a plan ended. */
export interface PlanFinish extends FinishPictures {
  readonly kind: 'finish';
  readonly stopReason: string;
  readonly iterations: number;
  readonly valueCalls: number;
  readonly gradientCalls: number;
  readonly callEquivalents: number;
  readonly optimizationMs: number;
  readonly adviceWaitMs: number;
  readonly referenceObjective: number;
  readonly metrics: readonly DoseMetric[];
  /** Of the finest level; undefined unless weights were asked for. */
  readonly finalWeights: Tensor | undefined;
}
