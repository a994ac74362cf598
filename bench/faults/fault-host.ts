import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { HOST } from '../../evaluation/programs.js';
import { SecondConnection } from '../../src/storage/testing/second-connection.js';

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

function launch(folder: string) {
  // A write beyond a limit of file sizes is an error to the host and not its end, as on a full disk.
  return execa(
    'bash',
    [
      '-c',
      'trap \'\' XFSZ; exec node "$@"',
      'node',
      HOST,
      'serve',
      '--config',
      join(folder, 'host.yaml'),
    ],
    {
      reject: false,
      buffer: { stdout: false, stderr: true },
    },
  );
}

/** A host with an experiment in a file of its folder. */
export class FaultHost {
  readonly address: string;
  readonly #child: ReturnType<typeof launch>;

  private constructor(address: string, child: ReturnType<typeof launch>) {
    this.address = address;
    this.#child = child;
  }

  static async start(folder: string): Promise<FaultHost> {
    writeFileSync(join(folder, 'host.yaml'), CONFIGURATION);
    const child = launch(folder);
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.startsWith('{')) continue;
      const entry = JSON.parse(line) as Record<string, unknown>;
      if (entry['msg'] !== 'serving') continue;
      child.stdout.resume();
      return new FaultHost(String(entry['address']), child);
    }
    const { stderr } = await child;
    throw new Error(`the host ended before it served: ${stderr}`);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#child;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#child;
  }

  /** How many of these sessions have no finished outcome, once this host has had its time to store what waited. */
  async waitForOutcomes(file: string, sessions: readonly string[]): Promise<number> {
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
}
