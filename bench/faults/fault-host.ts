import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SecondConnection } from '../../src/storage/testing/second-connection.js';
import { type Host, startHost } from '../lib/servers.js';

/** The next host needs this long at most to store what the one before has put aside. */
const STORED_WITHIN_MS = 30_000;

const CONFIGURATION = `version: 1
server: { address: '127.0.0.1:0', drain_ms: 100 }
operator: { address: '127.0.0.1:0' }
http: { address: '127.0.0.1:0' }
roles:
  initialization: { plugin: uniform }
  early-stopping: { plugin: plateau }
experiments:
  - id: faults
    unit: plan
    arms:
      - { id: shipped, weight: 1 }
      - { id: patient, weight: 1, roles: { early-stopping: { plugin: plateau } } }
    control: shipped
    primary: { metric: iterations, direction: lower }
    planned_plans: 100000
`;

/** A write beyond a limit of file sizes is an error to the host and not its end, as on a full disk. */
const LAUNCHER = ['bash', '-c', 'trap \'\' XFSZ; exec node "$@"', 'node'] as const;

/** A host with an experiment in a file of its folder. */
export function startFaultHost(folder: string): Promise<Host> {
  const file = join(folder, 'host.yaml');
  writeFileSync(file, CONFIGURATION);
  return startHost(file, { launcher: LAUNCHER });
}

/** How many of these sessions have no finished outcome, once the host has had its time to store what waited. */
export async function missingOutcomes(file: string, sessions: readonly string[]): Promise<number> {
  const until = performance.now() + STORED_WITHIN_MS;
  for (;;) {
    const other = new SecondConnection(file);
    const finished = new Set(other.column('session', "outcomes where status = 'finished'"));
    other.close();
    const missing = sessions.filter((session) => !finished.has(session)).length;
    if (missing === 0 || performance.now() > until) return missing;
    await pause(200);
  }
}
