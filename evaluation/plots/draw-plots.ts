import { join } from 'node:path';
import type { Measures } from '../measures/measures.js';
import type { ArmCase } from '../measures/outcomes.js';
import type { Summary } from '../tables/summarize.js';
import { costQuality } from './cost-quality.js';
import { dvhBands } from './dvh-bands.js';
import { pairedDifferences } from './paired-differences.js';
import { performanceProfile } from './performance-profile.js';
import { drawSvg } from './render.js';

const MOST_LINES = 10;

/** The arms that a picture with lines can still tell apart: all, or what is classical or all learned. */
export function featured({ arms }: Summary): readonly string[] {
  const shown = Object.entries(arms).filter(([, { kind }]) => kind !== 'long');
  const few = shown.filter(([name, { kind }]) => kind === 'classical' || name.endsWith('-all'));
  return (shown.length > MOST_LINES ? few : shown).map(([name]) => name);
}

/** Doses of more than a few arms over one another show nothing. */
function dosed({ reference, bestClassical, arms }: Summary): readonly string[] {
  const learned = Object.keys(arms).filter((name) => name.endsWith('-all'));
  return [...new Set([reference, bestClassical ?? reference, ...learned])];
}

/** Writes the pictures beside the tables. A picture without anything to show is left out. */
export async function drawPlots(
  out: string,
  summary: Summary,
  measures: readonly Measures[],
  counted: readonly ArmCase[],
): Promise<void> {
  const { reference, bestClassical } = summary;
  const names = featured(summary);
  if (names.length === 0) return;
  const shown = Object.keys(summary.arms).filter((name) => summary.arms[name]?.kind !== 'long');
  const draw = (name: string, spec: Parameters<typeof drawSvg>[1] | undefined) =>
    spec === undefined ? undefined : drawSvg(join(out, `${name}.svg`), spec);
  // An oracle as the cheapest arm would measure all others by what no optimizer can do.
  const real = names.filter((name) => summary.arms[name]?.kind !== 'oracle');
  await draw('performance-profile', performanceProfile(measures, real, reference));
  await draw('cost-quality', costQuality(counted, names));
  const cases = [...new Set(measures.map(({ case: id }) => id))];
  await draw('dvh-bands', dvhBands(out, cases, dosed(summary)));
  if (bestClassical === null) return;
  await draw('paired-differences', pairedDifferences(measures, shown, bestClassical));
}
