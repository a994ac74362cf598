// Promises against those who did not read our mind: adversarial plugins on both solvers, and a database that is locked, full, read-only or
// damaged while plans stream. Prints a table and writes out/faults/summary.json; ends with 1 when a promise was broken.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { ROLES } from '../../src/plugin-sdk/role.js';
import { type AdversaryTask, planAlone, type Solver, tryAdversary, WAYS } from './adversaries.js';
import { tryChaos } from './chaos/chaos.js';
import { DATABASE_FAULTS, tryDatabase } from './database.js';
import { tryFuzz } from './fuzz.js';
import { tryLoad } from './load.js';
import { tryMachine } from './machine.js';
import { type FaultRow, writeSummary } from './summary.js';

const PARTS = ['adversaries', 'database', 'fuzz', 'chaos', 'load', 'machine'] as const;

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    cases: { type: 'string' },
    rounds: { type: 'string' },
    fuzz: { type: 'string' },
    chaos: { type: 'string' },
    plans: { type: 'string' },
    soak: { type: 'string' },
    idle: { type: 'string' },
    seed: { type: 'string' },
    parts: { type: 'string', default: PARTS.join(',') },
    out: { type: 'string', default: 'out/faults' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(`npm run faults -- [OPTIONS]
  --short         few small plans, one round, times told and not judged; what npm test runs
  --cases N       phantoms for each adversary (6; short 1)
  --rounds N      of each fault of the database (3; short 1)
  --fuzz N        mutated messages to a host (60000; short 6000)
  --chaos N       plans while everything is broken at random (60; short 12)
  --plans N       at once on one host (256; short 32)
  --soak N        seconds of plan after plan (60; short 5)
  --idle N        streams that say nothing (2000; short 200)
  --seed N        of what is drawn (1)
  --parts LIST    ${PARTS.join(',')}
  --keep          leave the folder of what was made, and say where it is
  --out DIR       out/faults
`);
  process.exit();
}

type Count = 'cases' | 'rounds' | 'fuzz' | 'chaos' | 'plans' | 'soak' | 'idle' | 'seed';

function whole(name: Count, fallback: number): number {
  const number = Number(values[name] ?? fallback);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${name} must be a whole number above 0`);
}

const { short: isShort, out } = values;
const parts = values.parts.split(',');
const folder = mkdtempSync(join(tmpdir(), 'dh-faults-'));
const rows: FaultRow[] = [];
const say = (line: string) => process.stderr.write(`faults: ${line}\n`);

function add(row: FaultRow): void {
  rows.push(row);
  writeSummary(out, rows);
  say(`${row.failures === 0 ? 'held' : 'BROKEN'}: ${row.name} (${row.note})`);
}

/** Every way with all roles on a strict plan; and what the default promises: starts of L-BFGS, hosts that are lost midway. */
function tasksOf(solver: Solver): readonly AdversaryTask[] {
  const strict = WAYS.map((way) => ({ way, solver, quality: 'strict', roles: ROLES }) as const);
  const lost = { way: 'exits', solver, quality: 'default', roles: ROLES, isInline: true } as const;
  const starts = { way: 'always', solver, quality: 'default', roles: ['initialization'] } as const;
  return solver === 'lbfgs' ? [...strict, lost, starts] : [...strict, lost];
}

async function tryAdversaries(): Promise<void> {
  const options = isShort
    ? ['--beamlet-mm=20', '--max-iterations=15']
    : ['--beamlet-mm=10', '--max-iterations=100'];
  for (const solver of ['lbfgs', 'dh'] as const) {
    const own = join(folder, solver);
    const cases = await planAlone(own, solver, whole('cases', isShort ? 1 : 6), options);
    for (const task of tasksOf(solver)) add(await tryAdversary(own, task, cases, options));
  }
}

try {
  if (parts.includes('adversaries')) await tryAdversaries();
  if (parts.includes('database')) {
    for (const fault of DATABASE_FAULTS) {
      const rounds = whole('rounds', isShort ? 1 : 3);
      for (const row of await tryDatabase(folder, fault, { rounds, isShort })) add(row);
    }
  }
  if (parts.includes('fuzz')) {
    const messages = whole('fuzz', isShort ? 6000 : 60_000);
    const seed = whole('seed', 1);
    for (const row of await tryFuzz(join(folder, 'fuzz'), { messages, seed })) add(row);
  }
  if (parts.includes('chaos')) {
    const plans = whole('chaos', isShort ? 12 : 60);
    const task = { plans, seed: whole('seed', 1), isShort };
    for (const row of await tryChaos(join(folder, 'chaos'), task)) add(row);
  }
  if (parts.includes('load')) {
    const task = {
      plans: whole('plans', isShort ? 32 : 256),
      seconds: isShort ? 3 : 20,
      soakSeconds: whole('soak', isShort ? 5 : 60),
      idle: whole('idle', isShort ? 200 : 2000),
    };
    for (const row of await tryLoad(join(folder, 'load'), task)) add(row);
  }
  if (parts.includes('machine')) {
    for (const row of await tryMachine(join(folder, 'machine'))) add(row);
  }
} finally {
  if (values.keep) say(`left in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
const table = new Table({ head: ['promise', 'runs', 'failures', 'measured'], style: { head: [] } });
for (const { name, runs, failures, note } of rows) table.push([name, runs, failures, note]);
process.stdout.write(`${table.toString()}\n${writeSummary(out, rows)}\n`);
if (rows.some(({ failures }) => failures > 0)) process.exitCode = 1;
