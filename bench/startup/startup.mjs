// How long the host takes from exec to its ready line, and what it holds at rest, with the committed configuration.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { median } from '../lib/figures.mjs';
import { onFreePorts } from '../lib/free-ports.mjs';
import { residentMb } from '../lib/processes.mjs';
import { writeResult } from '../lib/report.mjs';
import { startHost } from '../lib/servers.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    config: { type: 'string', default: 'config/host.yaml' },
    out: { type: 'string', default: 'out/bench' },
  },
});

const config = onFreePorts(options.config, join(options.out, 'startup-host'));
const rows = [];
for (let round = 0; round < Number(options.rounds); round += 1) {
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
