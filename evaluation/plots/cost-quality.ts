import type { TopLevelSpec } from 'vega-lite';
import { bestOf, fRefAt } from '../measures/measures.js';
import type { ArmCase } from '../measures/outcomes.js';
import { median, quantile } from '../measures/statistics.js';
import { byArm } from './render.js';

const STEPS_A_DECADE = 16;
const LOWEST_BUDGET = 5;
// Early plans are thousands of times worse; the picture is about the end.
const HIGHEST_RATIO = 30;

/** F_ref over F* against call-equivalents: the median of the patients and their middle half. */
export function costQuality(counted: readonly ArmCase[], names: readonly string[]): TopLevelSpec {
  const best = bestOf(counted);
  const of = (name: string) =>
    counted.filter(({ arm, outcomes }) => arm === name && outcomes.length > 0);
  const mostCalls = Math.max(
    10,
    ...names.flatMap(of).flatMap(({ outcomes }) => outcomes.map((o) => o.total.call_equivalents)),
  );
  const steps = Math.ceil(STEPS_A_DECADE * Math.log10(mostCalls / LOWEST_BUDGET));
  const budgets = Array.from(
    { length: steps + 1 },
    (_, step) => LOWEST_BUDGET * 10 ** (step / STEPS_A_DECADE),
  );
  const values = names.flatMap((arm) =>
    budgets.flatMap((budget) => {
      const ratios = of(arm).map(
        ({ case: id, outcomes }) =>
          median(outcomes.map((outcome) => fRefAt(outcome, budget))) / (best.get(id) ?? Number.NaN),
      );
      const point = { low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) };
      const middle = median(ratios);
      return middle <= HIGHEST_RATIO
        ? [
            {
              arm,
              budget,
              median: middle,
              low: point.low,
              high: Math.min(HIGHEST_RATIO, point.high),
            },
          ]
        : [];
    }),
  );
  const x = {
    field: 'budget',
    type: 'quantitative',
    scale: { type: 'log', nice: false },
    title: 'call-equivalents',
  } as const;
  const y = {
    type: 'quantitative',
    scale: { type: 'log', domainMin: 1 },
    title: 'F_ref / F*',
  } as const;
  return {
    title: 'Quality reached, median and middle half of the patients',
    width: 520,
    height: 320,
    data: { values },
    layer: [
      {
        mark: { type: 'area', opacity: 0.15 },
        encoding: {
          x,
          y: { ...y, field: 'low' },
          y2: { field: 'high' },
          color: byArm(names),
        },
      },
      {
        mark: { type: 'line', strokeWidth: 2 },
        encoding: { x, y: { ...y, field: 'median' }, color: byArm(names) },
      },
    ],
  };
}
