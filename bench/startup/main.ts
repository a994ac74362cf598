// How long the host takes from exec to its ready line, and what it holds at rest, with the committed configuration.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { median } from '../lib/figures.js';
import { onFreePorts } from '../lib/free-ports.js';
import { readOptions } from '../lib/options.js';
import { residentMb } from '../lib/processes.js';
import { rounds, writeResult } from '../lib/report.js';
import { startHost } from '../lib/servers.js';

const options = readOptions({ rounds: 7, config: 'config/host.yaml', out: 'out/bench' });

const config = onFreePorts(options.config, join(options.out, 'startup-host'));
const rows: { readonly startMs: number; readonly residentMb: number }[] = [];
for (const _ of rounds(options.rounds)) {
  const started = performance.now();
  const host = await startHost(config);
  const startMs = performance.now() - started;
  // At rest: after what start-up left to do has been done.
  await delay(1000);
  rows.push({ startMs, residentMb: residentMb(host.pid) });
  host.stop();
  await host.ended;
}

const file = writeResult(options.out, 'startup', { rows });
process.stdout.write(
  `ready after ${median(rows.map((row) => row.startMs)).toFixed(0)} ms, ` +
    `${median(rows.map((row) => row.residentMb)).toFixed(0)} MB at rest; medians of ${rows.length} starts; ${file}\n`,
);
