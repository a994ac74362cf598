// How long the host takes from exec to its ready line, and what it holds at rest, with the committed configuration.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { onFreePorts } from '../free-ports.mjs';
import { startHost } from '../servers.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    config: { type: 'string', default: 'config/host.yaml' },
    out: { type: 'string', default: 'out/bench' },
  },
});

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const config = onFreePorts(options.config, join(options.out, 'startup-host'));
const rows = [];
for (let round = 0; round < Number(options.rounds); round += 1) {
  const started = performance.now();
  const host = await startHost(config);
  const startMs = performance.now() - started;
  // At rest: after what start-up left to do has been done.
  await delay(1000);
  const status = readFileSync(`/proc/${host.pid}/status`, 'utf8');
  const residentMb = Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
  rows.push({ startMs, residentMb });
  host.stop();
  await host.ended;
}

mkdirSync(options.out, { recursive: true });
const file = join(options.out, 'startup.json');
writeFileSync(file, `${JSON.stringify({ rows }, null, 1)}\n`);
process.stdout.write(
  `ready after ${median(rows.map((row) => row.startMs)).toFixed(0)} ms, ` +
    `${median(rows.map((row) => row.residentMb)).toFixed(0)} MB at rest; medians of ${rows.length} starts; ${file}\n`,
);
