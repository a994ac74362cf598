// Assignments a second: the hash alone, then stored in the embedded database and in a PostgreSQL that is started for it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { proposeAssignment } from '../../src/domain/experiments/assignment.js';
import { testExperiment } from '../../src/domain/testing/test-experiment.js';
import { SqlAssignments } from '../../src/storage/experiments/assignment-table.js';
import { openExperimentDatabase } from '../../src/storage/experiments/experiment-database.js';
import { readOptions } from '../lib/options.js';
import { writeResult } from '../lib/report.js';

const { units, out } = readOptions({ units: 20000, out: 'out/bench' });
const CONCURRENT = 64;
const DATABASE_SCRIPT = resolve('dist/src/workers/database-worker.js');
const experiment = testExperiment();
const conditions = { rampPercent: 100, stoppedArms: [], forcedArm: undefined, atMs: 0 };
const work = mkdtempSync(join(tmpdir(), 'dh-advisor-bench-'));

/** Units a second by the clock, and by the processor time of this process: the latter bears a busy machine. */
interface Rate {
  readonly wall: number;
  readonly processor: number;
}

async function perSecond(job: () => Promise<unknown>): Promise<Rate> {
  const startMs = performance.now();
  const start = process.cpuUsage();
  await job();
  const { user, system } = process.cpuUsage(start);
  return {
    wall: Math.round((units / (performance.now() - startMs)) * 1000),
    processor: Math.round((units / (user + system)) * 1e6),
  };
}

async function storedPerSecond(
  url: string,
): Promise<{ readonly first: Rate; readonly again: Rate }> {
  // As a host has it: a file in a thread of its own.
  const db = await openExperimentDatabase(url, { script: DATABASE_SCRIPT });
  const store = new SqlAssignments(db);
  const assignAll = async () => {
    let next = 0;
    const worker = async () => {
      while (next < units) {
        next += 1;
        await store.assign(proposeAssignment(experiment, `unit-${next}`, conditions));
      }
    };
    await Promise.all(Array.from({ length: CONCURRENT }, worker));
  };
  const figures = { first: await perSecond(assignAll), again: await perSecond(assignAll) };
  await db.destroy();
  return figures;
}

const hashed = await perSecond(async () => {
  for (let i = 0; i < units; i += 1) proposeAssignment(experiment, `unit-${i}`, conditions);
});
const embedded = await storedPerSecond(pathToFileURL(join(work, 'experiments.db')).href);
const child = spawn('scripts/postgres', { stdio: ['pipe', 'pipe', 'inherit'] });
const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
const server = await storedPerSecond(url);
child.stdin.end();
await once(child, 'exit');
rmSync(work, { recursive: true });

const rows = {
  'hashed only': hashed,
  'embedded, new units': embedded.first,
  'embedded, known units': embedded.again,
  'PostgreSQL, new units': server.first,
  'PostgreSQL, known units': server.again,
};
console.log(`assignment: ${units} units, ${CONCURRENT} at a time, one process`);
for (const [name, { wall, processor }] of Object.entries(rows)) {
  console.log(`  ${name.padEnd(24)} ${wall} a second, ${processor} a processor second`);
}
console.log(
  'PostgreSQL runs on this machine, without fsync; its own processor time is not counted.',
);
console.log(
  writeResult(out, 'assignment', { cpus: cpus().length, units, hashed, embedded, server }),
);
