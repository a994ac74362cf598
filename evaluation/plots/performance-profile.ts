import type { TopLevelSpec } from 'vega-lite';
import type { Measures } from '../measures/measures.js';
import { costRatio, NEVER } from '../measures/statistics.js';
import { byArm } from './render.js';

export interface ProfilePoint {
  readonly arm: string;
  readonly ratio: number;
  /** Of all patients, those who got there at this ratio or below. */
  readonly share: number;
}

/** Dolan and Moré: for each arm the share of patients it brings to the goal at so many times the cheapest arm's cost. */
export function profile(
  measures: readonly Measures[],
  names: readonly string[],
): readonly ProfilePoint[] {
  const taking = measures.filter(({ arm }) => names.includes(arm));
  const cheapest = new Map<string, number>();
  for (const { case: id, toReference } of taking) {
    cheapest.set(id, Math.min(cheapest.get(id) ?? NEVER, toReference));
  }
  const reached = (of: Measures) => Number.isFinite(of.toReference);
  const ratioOf = (of: Measures) => costRatio(of.toReference, cheapest.get(of.case) ?? NEVER);
  const last = Math.max(1, ...taking.filter(reached).map(ratioOf));
  return names.flatMap((arm) => {
    const of = taking.filter((measured) => measured.arm === arm);
    const ratios = of
      .filter(reached)
      .map(ratioOf)
      .toSorted((a, b) => a - b);
    const steps = ratios.map((ratio, index) => ({ arm, ratio, share: (index + 1) / of.length }));
    const end = { arm, ratio: last * 1.1, share: ratios.length / of.length };
    return [{ arm, ratio: 1, share: 0 }, ...steps, end];
  });
}

export function performanceProfile(
  measures: readonly Measures[],
  names: readonly string[],
  reference: string,
): TopLevelSpec {
  return {
    title: `Patients brought to ${reference}'s F_ref + 1 %`,
    width: 520,
    height: 320,
    data: { values: [...profile(measures, names)] },
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2 },
    encoding: {
      x: {
        field: 'ratio',
        type: 'quantitative',
        scale: { type: 'log', nice: false },
        title: "cost over the cheapest arm's",
      },
      y: {
        field: 'share',
        type: 'quantitative',
        axis: { format: '%' },
        scale: { domain: [0, 1] },
        title: 'share of patients',
      },
      color: byArm(names),
    },
  };
}
