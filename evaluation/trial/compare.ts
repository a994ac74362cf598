// The two models compared directly, by the programs of `npm run evaluate`: each phantom planned with either, no experiment.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mean } from 'simple-statistics';
import { stringify } from 'yaml';
import { type Arm, arm } from '../arms/arms.js';
import { evaluate } from '../evaluate.js';
import type { Measures } from '../measures/measures.js';
import { pairedRatios } from '../measures/paired.js';
import { bootstrap95, countWins, median, NEVER } from '../measures/statistics.js';
import { findCases } from '../runs/cases.js';
import { NEW_MODEL, OLD_MODEL, PREPARED_OPTIONS, START_OPTIONS } from './definitions.js';
import { readJson } from './evidence.js';
import type { PartWanted } from './run-plans.js';

export interface CompareWanted extends PartWanted {
  readonly models: string;
  readonly phantoms: string;
}

/** New over old, phantom by phantom: geometric mean with a bootstrap interval, and who was lower. */
export interface PairedRatio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly wins: number;
  readonly losses: number;
}

export interface Comparison {
  readonly plans: number;
  readonly failures: number;
  readonly callEquivalents: PairedRatio;
  readonly referenceObjective: PairedRatio;
  /** The evaluation's own figure: calls until F_ref is within 1 % of where the old arm ends. Median of the ratios. */
  readonly toOldEnd: {
    readonly ratio: number;
    readonly wins: number;
    readonly losses: number;
    /** Phantoms on which the new arm got there; old does by definition. */
    readonly reached: number;
  };
}

const armOf = (name: string, model: string, options: readonly string[]): Arm =>
  arm('learned', name, `${model}, ${options.join(' ')}`, 'lbfgs', options, {
    initialization: { plugin: 'warm-start', settings: { model } },
  });

const geometricMean = (values: readonly number[]) => Math.exp(mean(values.map(Math.log)));

function paired(measures: readonly Measures[], value: (of: Measures) => number): PairedRatio {
  const ratios = pairedRatios(measures, 'new', 'old', value).filter(
    (ratio) => ratio > 0 && ratio < NEVER,
  );
  const { win, loss } = countWins(ratios);
  const interval = bootstrap95(ratios, geometricMean, { resamples: 2000 });
  return { ratio: geometricMean(ratios), ...interval, wins: win, losses: loss };
}

async function compareWith(
  options: readonly string[],
  out: string,
  { models, phantoms, plans, jobs, say }: CompareWanted,
): Promise<Comparison> {
  mkdirSync(out, { recursive: true });
  const config = join(out, '../host.yaml');
  writeFileSync(config, stringify({ version: 1, models: { directory: models } }));
  const optionsOf = new Map(plans.map(({ key, options: own }) => [key, own]));
  const { cases, leftOut } = findCases(phantoms, [...optionsOf.keys()]);
  const failures = await evaluate(
    {
      arms: [armOf('old', OLD_MODEL, options), armOf('new', NEW_MODEL, options)],
      cases: cases.map((of) => ({ ...of, planOptions: optionsOf.get(of.id) ?? [] })),
      leftOut,
      training: [],
      reference: 'old',
      repeats: 1,
      timingRepeats: 0,
      jobs,
      planOptions: ['--threads=1'],
      config,
      out,
      isFresh: false,
    },
    (line) => {
      if (!line.startsWith('counts ')) say(line);
    },
  );
  const read = readJson<readonly Measures[]>(join(out, 'measures.json'));
  // JSON says null for never.
  const measures = read.map((of) => ({ ...of, toReference: of.toReference ?? NEVER }));
  const toEnd = pairedRatios(measures, 'new', 'old');
  const { win, loss } = countWins(toEnd);
  return {
    plans: cases.length,
    failures,
    callEquivalents: paired(measures, ({ ownStop }) => ownStop),
    referenceObjective: paired(measures, ({ fRef }) => fRef),
    toOldEnd: {
      ratio: median(toEnd),
      wins: win,
      losses: loss,
      reached: toEnd.filter((ratio) => ratio < NEVER).length,
    },
  };
}

/** With the options of the experiment. */
export const compareDirectly = (wanted: CompareWanted): Promise<Comparison> =>
  compareWith(START_OPTIONS, join(wanted.folder, 'as-in-experiment'), wanted);

/** With the optimizer's own preparation of starts. */
export const comparePrepared = (wanted: CompareWanted): Promise<Comparison> =>
  compareWith(PREPARED_OPTIONS, join(wanted.folder, 'prepared'), wanted);
