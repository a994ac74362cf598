// Experiments with a look after every plan, simulated: how often they err, what they cover, how many plans they take.
import { parseArgs } from 'node:util';
import { plainTable, writeResult } from '../lib/report.js';
import { ALPHA, CHECK_ALPHA, MINIMUM_PLANS } from './simulate.js';
import {
  adjustedSize,
  headline,
  POWER,
  SCENARIOS,
  type ScenarioName,
  type ScenarioSummary,
  type Summaries,
  summarizeScenario,
} from './summary.js';

const { values: options } = parseArgs({
  options: {
    experiments: { type: 'string', default: '2000' },
    plans: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '20261125' },
    out: { type: 'string', default: 'out/bench' },
  },
});
const count = (name: 'experiments' | 'plans' | 'seed') => {
  const value = Number(options[name]);
  if (!Number.isInteger(value) || value < 1) {
    process.stderr.write(`bench statistics: --${name} must be a whole number above 0\n`);
    process.exit(2);
  }
  return value;
};
const [experiments, plans, seed] = [count('experiments'), count('plans'), count('seed')];

const startMs = performance.now();
const summaries = Object.fromEntries(
  (Object.keys(SCENARIOS) as ScenarioName[]).map((name) => [
    name,
    summarizeScenario(name, experiments, plans, seed),
  ]),
) as Summaries;
const seconds = (performance.now() - startMs) / 1000;

const percent = (value: number | null) =>
  value === null ? '' : `${(100 * value).toFixed(1).replace('.0', '')} %`;
const table = plainTable({
  head: [
    'scenario',
    'decided',
    'wrong side',
    'coverage',
    'median plans',
    'fixed plans',
    'power at fixed',
    'rival decided',
    'shares fired',
    'losses fired',
  ],
  style: { head: [], border: [] },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
});
for (const [name, row] of Object.entries<ScenarioSummary>(summaries)) {
  table.push([
    name,
    percent(row.decided),
    percent(row.wrongSide),
    percent(row.coverage),
    row.medianPlans ?? '-',
    row.fixedPlans,
    percent(row.fixedPower),
    percent(row.rivalDecided),
    percent(row.sharesFired),
    percent(row.lossFired),
  ]);
}
console.log(
  `statistics: ${experiments} experiments of ${plans} plans in each scenario, ${seconds.toFixed(0)} s; alpha ${ALPHA}, of the checks ${CHECK_ALPHA}; first look after ${MINIMUM_PLANS} plans`,
);
console.log(table.toString());
console.log(
  `fixed plans: what a test with one look needs for a power of ${POWER} by formula; the rival is an empirical-Bernstein sequence.`,
);
const figures = headline(summaries);
console.log(JSON.stringify(figures));
writeResult(options.out, 'statistics', {
  experiments,
  plans,
  ...figures,
  seed,
  seconds,
  planned: adjustedSize,
  scenarios: summaries,
});
