import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { HOST } from '../../evaluation/programs.js';
import { SecondConnection } from '../../src/storage/testing/second-connection.js';

/** The next host needs this long at most to store what the one before has put aside. */
const STORED_WITHIN_MS = 30_000;

export interface FaultHostOptions {
  /** Of the plans' listener; a free port unless told. */
  readonly address?: string;
  /** Further keys of `server`. */
  readonly server?: string;
  /** In place of the two plain roles, indented by two. */
  readonly roles?: string;
  /** Whole further keys. */
  readonly more?: string;
}

const ROLES = `  initialization: { plugin: uniform }
  early-stopping: { plugin: plateau }
`;

const configuration = ({
  address = '127.0.0.1:0',
  server = '',
  roles = ROLES,
  more = '',
}: FaultHostOptions) => `version: 1
server: { address: '${address}', drain_ms: 100${server && `, ${server}`} }
operator: { address: '127.0.0.1:0' }
http: { address: '127.0.0.1:0' }
${more}
roles:
${roles}experiments:
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
  readonly httpAddress: string;
  /** Lines logged, and the longest of them, bytes. */
  lines = 0;
  longestLine = 0;
  lastLine = '';
  readonly #child: ReturnType<typeof launch>;

  private constructor(serving: Record<string, unknown>, child: ReturnType<typeof launch>) {
    this.address = String(serving['address']);
    this.httpAddress = String(serving['httpAddress']);
    this.#child = child;
  }

  static async start(folder: string, options: FaultHostOptions = {}): Promise<FaultHost> {
    writeFileSync(join(folder, 'host.yaml'), configuration(options));
    const child = launch(folder);
    const host = await new Promise<FaultHost | undefined>((resolve) => {
      const lines = createInterface({ input: child.stdout });
      let serving: FaultHost | undefined;
      lines.on('line', (line) => {
        if (serving !== undefined) {
          serving.lines += 1;
          serving.lastLine = line;
          serving.longestLine = Math.max(serving.longestLine, line.length);
        } else if (line.startsWith('{')) {
          const entry = JSON.parse(line) as Record<string, unknown>;
          if (entry['msg'] !== 'serving') return;
          serving = new FaultHost(entry, child);
          resolve(serving);
        }
      });
      lines.on('close', () => resolve(undefined));
    });
    if (host !== undefined) return host;
    const { stderr } = await child;
    throw new Error(`the host ended before it served: ${stderr}`);
  }

  /** Whether it still runs. */
  get isThere(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Resident memory in MB, and open handles. */
  usage(): { readonly mb: number; readonly handles: number } {
    if (!this.isThere) throw new Error(`the host has ended; it said last: ${this.lastLine}`);
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    const kb = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
    return { mb: kb / 1024, handles: readdirSync(`/proc/${this.pid}/fd`).length };
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
