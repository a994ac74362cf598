import type { StructureMetrics } from '../runs/run-record.js';

/** Non-inferiority margins against the reference arm, set in advance. */
export const MARGINS = {
  fRefRatio: 1.01,
  targetD95PercentOfPrescription: -0.5,
  organMeanGy: 0.5,
  organD01ccGy: 0.5,
} as const;

/** How far the worst structure moved the wrong way; negative where every structure is better. */
export interface DoseChange {
  /** Loss of D95, per cent of the prescription. */
  readonly targetD95LossPercent: number;
  readonly organMeanGy: number;
  readonly organD01ccGy: number;
}

/** Doses of a plan against those of the reference; a structure that only one of them has is an error. */
export function doseChange(
  structures: readonly StructureMetrics[],
  reference: readonly StructureMetrics[],
): DoseChange {
  const names = reference.map(({ name }) => name).join();
  if (structures.map(({ name }) => name).join() !== names) {
    throw new Error(`plans of other structures can't be compared: ${names}`);
  }
  const worstOf = (role: string, loss: (now: StructureMetrics, then: StructureMetrics) => number) =>
    Math.max(
      ...structures.flatMap((now, index) => {
        const then = reference[index];
        return then === undefined || now.role !== role ? [] : [loss(now, then)];
      }),
    );
  const of = (structure: StructureMetrics, metric: string) => structure.metrics[metric] ?? 0;
  return {
    targetD95LossPercent: worstOf(
      'target',
      (now, then) =>
        (100 * (of(then, 'D95') - of(now, 'D95'))) / (then.prescribed_dose_gy ?? Number.NaN),
    ),
    organMeanGy: worstOf('organ-at-risk', (now, then) => of(now, 'Dmean') - of(then, 'Dmean')),
    organD01ccGy: worstOf('organ-at-risk', (now, then) => of(now, 'D0.1cc') - of(then, 'D0.1cc')),
  };
}

export interface Outside {
  readonly fRef: boolean;
  readonly targetD95: boolean;
  readonly organMean: boolean;
  readonly organD01cc: boolean;
}

/** Which margins a plan lies outside of. Without doses only F_ref is judged. */
export function outsideOf(fRefRatio: number, change: DoseChange | undefined): Outside {
  return {
    fRef: !(fRefRatio <= MARGINS.fRefRatio),
    targetD95:
      change !== undefined && change.targetD95LossPercent > -MARGINS.targetD95PercentOfPrescription,
    organMean: change !== undefined && change.organMeanGy > MARGINS.organMeanGy,
    organD01cc: change !== undefined && change.organD01ccGy > MARGINS.organD01ccGy,
  };
}

export const isOutside = (outside: Outside): boolean => Object.values(outside).some(Boolean);
