import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TopLevelSpec } from 'vega-lite';
import { quantile } from '../measures/statistics.js';
import { byArm } from './render.js';

interface Curve {
  readonly name: string;
  readonly role: string;
  readonly dvh: { readonly step_gy: number; readonly volume_fraction: readonly number[] };
}

const STEP_GY = 1;
const MOST_STRUCTURES = 8;

function curvesOf(out: string, arm: string, id: string): readonly Curve[] {
  const file = join(out, 'results', 'counts', arm, `${id}-0.json`);
  if (!existsSync(file)) return [];
  return (JSON.parse(readFileSync(file, 'utf8')) as { structures: Curve[] }).structures;
}

const volumeAt = ({ dvh }: Curve, doseGy: number) =>
  dvh.volume_fraction[Math.round(doseGy / dvh.step_gy)] ?? 0;

/** Dose-volume histograms: the median patient and the middle 80 %, of structures that half of the patients have. */
export function dvhBands(
  out: string,
  cases: readonly string[],
  names: readonly string[],
): TopLevelSpec | undefined {
  const curves = names.flatMap((arm) =>
    cases.flatMap((id) => curvesOf(out, arm, id).map((curve) => ({ arm, ...curve }))),
  );
  const [first] = names;
  const having = (name: string) =>
    curves.filter((curve) => curve.arm === first && curve.name === name).length;
  const isTarget = (name: string) =>
    curves.some((curve) => curve.name === name && curve.role === 'target');
  const structures = [...new Set(curves.map(({ name }) => name))]
    .filter((name) => having(name) >= cases.length / 2)
    .toSorted((a, b) => Number(isTarget(b)) - Number(isTarget(a)))
    .slice(0, MOST_STRUCTURES);
  if (structures.length === 0) return undefined;
  const highestGy = Math.max(
    ...curves.map(({ dvh }) => dvh.step_gy * (dvh.volume_fraction.length - 1)),
  );
  const doses = Array.from({ length: Math.ceil(highestGy / STEP_GY) + 1 }, (_, i) => i * STEP_GY);
  const values = names.flatMap((arm) =>
    structures.flatMap((structure) => {
      const of = curves.filter((curve) => curve.arm === arm && curve.name === structure);
      if (of.length === 0) return [];
      return doses.map((dose) => {
        const volumes = of.map((curve) => volumeAt(curve, dose));
        const at = (fraction: number) => quantile(volumes, fraction);
        return { arm, structure, dose, low: at(0.1), median: at(0.5), high: at(0.9) };
      });
    }),
  );
  const x = { field: 'dose', type: 'quantitative', title: 'dose, Gy' } as const;
  const y = { type: 'quantitative', axis: { format: '%' }, title: 'volume' } as const;
  return {
    title: 'Dose-volume histograms, median and middle 80 % of the patients',
    data: { values },
    facet: { field: 'structure', type: 'nominal', sort: structures, title: null },
    columns: 2,
    spec: {
      width: 300,
      height: 170,
      layer: [
        {
          mark: { type: 'area', opacity: 0.15 },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color: byArm(names) },
        },
        {
          mark: { type: 'line', strokeWidth: 1.5 },
          encoding: { x, y: { ...y, field: 'median' }, color: byArm(names) },
        },
      ],
    },
  };
}
