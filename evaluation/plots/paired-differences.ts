import type { TopLevelSpec } from 'vega-lite';
import type { Measures } from '../measures/measures.js';
import { pairedRatios } from '../measures/paired.js';
import { median, NEVER } from '../measures/statistics.js';

/** Each patient a point: the cost of an arm over that of the best classical arm, and the median as a tick. */
export function pairedDifferences(
  measures: readonly Measures[],
  names: readonly string[],
  other: string,
): TopLevelSpec {
  const ratios = names.flatMap((arm) =>
    pairedRatios(measures, arm, other).map((ratio) => ({ arm, ratio })),
  );
  const finite = ratios.map(({ ratio }) => ratio).filter((ratio) => ratio > 0 && ratio !== NEVER);
  const edges = { low: Math.min(1, ...finite) / 1.5, high: Math.max(1, ...finite) * 1.5 };
  const place = (ratio: number) => Math.min(edges.high, Math.max(edges.low, ratio));
  const state = (ratio: number) => {
    if (ratio === NEVER) return 'never got there';
    return ratio === 0 ? `only ${other} never got there` : 'got there';
  };
  const medians = names.map((arm) => ({
    arm,
    ratio: place(median(ratios.filter((of) => of.arm === arm).map((of) => of.ratio))),
  }));
  const y = { field: 'arm', type: 'nominal', sort: [...names], title: null } as const;
  const x = {
    field: 'ratio',
    type: 'quantitative',
    scale: { type: 'log', domainMin: edges.low, domainMax: edges.high },
    title: `cost over that of ${other}`,
  } as const;
  return {
    title: 'Patient by patient',
    width: 520,
    height: { step: 22 },
    layer: [
      {
        data: { values: [{ ratio: 1 }] },
        mark: { type: 'rule', color: '#888888', strokeDash: [4, 3] },
        encoding: { x },
      },
      {
        data: {
          values: ratios.map((of) => ({ ...of, ratio: place(of.ratio), state: state(of.ratio) })),
        },
        mark: { type: 'point', filled: true, opacity: 0.45, size: 40 },
        encoding: {
          x,
          y,
          shape: { field: 'state', type: 'nominal', title: null },
          color: { field: 'state', type: 'nominal', title: null },
        },
      },
      {
        data: { values: medians },
        mark: { type: 'tick', thickness: 3, size: 18, color: '#222222' },
        encoding: { x, y },
      },
    ],
  };
}
