import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SecondConnection } from '../../src/storage/testing/second-connection.js';
import { type Host, type LogEntry, startHost } from '../lib/servers.js';

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

/** A write beyond a limit of file sizes is an error to the host and not its end, as on a full disk. */
const LAUNCHER = ['bash', '-c', 'trap \'\' XFSZ; exec node "$@"', 'node'] as const;

/** A host with an experiment in a file of its folder. */
export class FaultHost {
  /** Lines logged, and the longest of them, characters. */
  lines = 0;
  longestLine = 0;
  lastLine = '';
  readonly #host: Host;
  #hasEnded = false;

  private constructor(host: Host) {
    this.#host = host;
    void host.ended.then(() => {
      this.#hasEnded = true;
    });
  }

  static async start(folder: string, options: FaultHostOptions = {}): Promise<FaultHost> {
    const file = join(folder, 'host.yaml');
    writeFileSync(file, configuration(options));
    let made: FaultHost | undefined;
    const onEntry = (entry: LogEntry) => {
      if (made !== undefined) made.#heard(JSON.stringify(entry));
    };
    made = new FaultHost(await startHost(file, { launcher: LAUNCHER, onEntry }));
    return made;
  }

  get address(): string {
    return this.#host.address;
  }

  get httpAddress(): string {
    return this.#host.httpAddress;
  }

  get pid(): number {
    return this.#host.pid;
  }

  /** Whether it still runs. */
  get isThere(): boolean {
    return !this.#hasEnded;
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  /** Resident memory in MB, and open handles. */
  usage(): { readonly mb: number; readonly handles: number } {
    if (!this.isThere) throw new Error(`the host has ended; it said last: ${this.lastLine}`);
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    const kb = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
    return { mb: kb / 1024, handles: readdirSync(`/proc/${this.pid}/fd`).length };
  }

  async kill(): Promise<void> {
    this.#host.stop('SIGKILL');
    await this.#host.ended;
  }

  async stop(): Promise<void> {
    this.#host.stop();
    await this.#host.ended;
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

  #heard(line: string): void {
    this.lines += 1;
    this.lastLine = line;
    this.longestLine = Math.max(this.longestLine, line.length);
  }
}
