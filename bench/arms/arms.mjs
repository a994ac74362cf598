// Both solvers alone and with the classical plugins on several cases, in one run: cost of each arm's own stop, and cost
// to come within 1 % of dH's final F_ref. A run that never comes there is counted as not reached, never dropped.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { onFreePorts } from '../free-ports.mjs';
import { ARMS, planArm, readResult, summarize } from '../plan-arms.mjs';
import { startHost } from '../servers.mjs';

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string' },
    ids: { type: 'string' },
    config: { type: 'string', default: 'config/host.yaml' },
    full: { type: 'boolean', default: false },
    out: { type: 'string', default: 'out/bench' },
  },
});
if (options.cases === undefined) {
  process.stderr.write(
    'npm run bench -- arms --cases FOLDER [--ids A,B,C] [--full] [--config FILE]\n',
  );
  process.exit(2);
}
const ids = options.ids?.split(',') ?? readdirSync(options.cases).toSorted();

const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Call-equivalents until F_ref first came to the goal, or null. */
function costToReach({ trace }, goal) {
  const index = trace.reference_objective.findIndex((value) => value !== null && value <= goal);
  return index < 0 ? null : trace.call_equivalents[index];
}

const host = await startHost(onFreePorts(options.config, join(options.out, 'arms-host')));
const rows = [];
try {
  for (const id of ids) {
    process.stderr.write(`${id}\n`);
    const folder = join(options.out, 'arms', id);
    mkdirSync(folder, { recursive: true });
    const results = new Map();
    for (const arm of ARMS) {
      await planArm(arm, {
        casePath: join(options.cases, id),
        folder,
        address: host.address,
        full: options.full,
        extra: ['--trace-reference'],
      });
      results.set(arm.name, readResult(arm, folder));
    }
    const dh = results.get('dh');
    for (const arm of ARMS) {
      const result = results.get(arm.name);
      const { metrics: _, ...summary } = summarize(arm, result);
      rows.push({
        id,
        ...summary,
        fRefRatio: result.reference_objective / dh.reference_objective,
        callRatio: dh.total.call_equivalents / result.total.call_equivalents,
        callsToDh: costToReach(result, 1.01 * dh.reference_objective),
      });
    }
  }
} finally {
  host.stop();
}

const table = new Table({
  head: [
    'arm',
    'iterations',
    'value calls',
    'call-equivalents',
    'times fewer than dh',
    'calls to dh + 1 %',
    'times fewer',
    'reached',
    'F_ref / dh',
    'worst',
    'ms',
  ],
  colAligns: ['left', ...new Array(10).fill('right')],
  style: { head: [], border: [], compact: true },
});
const arms = {};
for (const { name } of ARMS) {
  const of = rows.filter((row) => row.name === name);
  const reached = of.filter(({ callsToDh }) => callsToDh !== null);
  const dhOf = (id) => rows.find((row) => row.id === id && row.name === 'dh').callEquivalents;
  arms[name] = {
    patients: of.length,
    medianIterations: median(of.map(({ iterations }) => iterations)),
    medianValueCalls: median(of.map(({ valueCalls }) => valueCalls)),
    medianCallEquivalents: median(of.map(({ callEquivalents }) => callEquivalents)),
    medianTimesFewer: median(of.map(({ callRatio }) => callRatio)),
    leastTimesFewer: Math.min(...of.map(({ callRatio }) => callRatio)),
    reached: reached.length,
    medianCallsToDh: reached.length > 0 ? median(reached.map(({ callsToDh }) => callsToDh)) : null,
    medianTimesFewerToDh:
      reached.length > 0 ? median(reached.map(({ id, callsToDh }) => dhOf(id) / callsToDh)) : null,
    medianFRefRatio: median(of.map(({ fRefRatio }) => fRefRatio)),
    worstFRefRatio: Math.max(...of.map(({ fRefRatio }) => fRefRatio)),
    medianWallMs: median(of.map(({ wallMs }) => wallMs)),
  };
  const arm = arms[name];
  table.push([
    name,
    arm.medianIterations,
    arm.medianValueCalls,
    arm.medianCallEquivalents.toFixed(0),
    arm.medianTimesFewer.toFixed(1),
    arm.medianCallsToDh?.toFixed(0) ?? '-',
    arm.medianTimesFewerToDh?.toFixed(1) ?? '-',
    `${arm.reached}/${arm.patients}`,
    arm.medianFRefRatio.toFixed(3),
    arm.worstFRefRatio.toFixed(3),
    arm.medianWallMs.toFixed(0),
  ]);
}
writeFileSync(join(options.out, 'arms.json'), `${JSON.stringify({ arms, rows }, null, 1)}\n`);
process.stdout.write(
  `${table}\nmedians over ${ids.length} cases (${ids.join(', ')})${options.full ? ', --full' : ''}; ${join(options.out, 'arms.json')}\n`,
);
