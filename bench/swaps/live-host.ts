// The host of the benchmark: its configuration file in a folder of its own, and what it says.
import { EventEmitter } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { OperatorClient } from '../../src/transport/operator/operator-client.js';
import { residentMb } from '../lib/processes.js';
import { type Host, type LogEntry, startHost } from '../lib/servers.js';

/** As in the container, so that what stays is what the host keeps. */
const ALLOCATOR = { MALLOC_ARENA_MAX: '2' };

/** Version 3 of the fixture model is spoilt: its files are not what its model.yaml says. */
function makeModels(folder: string): void {
  for (const version of ['1', '2']) {
    cpSync(`test/fixtures/models/convergence/${version}`, join(folder, 'convergence', version), {
      recursive: true,
    });
  }
  const spoilt = join(folder, 'convergence/3');
  cpSync('test/fixtures/models/convergence/2', spoilt, { recursive: true });
  const yaml = join(spoilt, 'model.yaml');
  writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('version: "2"', 'version: "3"'));
  writeFileSync(join(spoilt, 'card.md'), 'not the card\n');
}

/** What the file says of roles and models. */
export interface ConfiguredState {
  /** Of `early-stopping`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The version of the model that its label `stable` names. */
  readonly stable: string;
  readonly initialization: string;
  readonly variance: string;
  readonly cosine: number;
}

/** The file that says `state`. */
export function render(state: ConfiguredState, models: string): string {
  const { settings, stable, initialization, variance, cosine } = state;
  return `version: 1
# Written by the benchmark.
server: { address: '127.0.0.1:0', max_sessions: 128, max_sessions_per_client: 128 }
operator: { address: '127.0.0.1:0', history_texts: 20 }
http: { address: '127.0.0.1:0' }
plugins: { directories: ['${resolve('test/fixtures/plugins')}'], isolation: { default: inline } }
models:
  directory: ${models}
  inline_below_ms: 5   # on a busy machine the trial may measure more than the model takes
  labels:
    convergence: { stable: "${stable}" }
envelope: { descent_cosine: ${cosine} }
roles:
  initialization:
    plugin: ${initialization}
  adaptive-variance:
    plugin: ${variance}
  early-stopping:
    plugin: convergence
    deadline_ms: 1000
    settings: ${JSON.stringify(settings)}
`;
}

export const initialState: ConfiguredState = {
  settings: {},
  stable: '1',
  initialization: 'uniform',
  variance: 'level-default',
  cosine: 1e-4,
};

export class LiveHost {
  readonly file: string;
  readonly models: string;
  readonly operator: OperatorClient;
  readonly #folder: string;
  readonly #host: Host;
  readonly #said: EventEmitter;

  private constructor(folder: string, host: Host, said: EventEmitter) {
    this.#folder = folder;
    this.#host = host;
    this.#said = said;
    this.file = fileIn(folder);
    this.models = modelsIn(folder);
    this.operator = new OperatorClient({
      address: host.operatorAddress,
      token: '',
      protoDirectory: resolve('proto'),
    });
  }

  static async start(): Promise<LiveHost> {
    const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-swaps-'));
    makeModels(modelsIn(folder));
    writeFileSync(fileIn(folder), render(initialState, modelsIn(folder)));
    const said = new EventEmitter().setMaxListeners(0);
    const host = await startHost(fileIn(folder), {
      env: ALLOCATOR,
      onEntry: (entry) => said.emit('entry', entry),
    });
    return new LiveHost(folder, host, said);
  }

  get address(): string {
    return this.#host.address;
  }

  /** Replaces the file in one step, as careful editors do. */
  write(text: string): void {
    writeFileSync(`${this.file}.tmp`, text);
    renameSync(`${this.file}.tmp`, this.file);
  }

  /** The next log line that `isIt`; rejects when none comes in time. */
  says(isIt: (entry: LogEntry) => boolean, withinMs = 20_000): Promise<LogEntry> {
    return new Promise((found, reject) => {
      const listener = (entry: LogEntry) => {
        if (!isIt(entry)) return;
        clearTimeout(timer);
        this.#said.off('entry', listener);
        found(entry);
      };
      const timer = setTimeout(() => {
        this.#said.off('entry', listener);
        reject(new Error('the host said nothing of it'));
      }, withinMs);
      this.#said.on('entry', listener);
    });
  }

  residentMb(): number {
    return residentMb(this.#host.pid);
  }

  /** @returns the host's exit code. */
  async stop(): Promise<number | undefined> {
    this.operator.close();
    this.#host.stop();
    const { exitCode } = await this.#host.ended;
    rmSync(this.#folder, { recursive: true, force: true });
    return exitCode;
  }
}

const fileIn = (folder: string) => join(folder, 'host.yaml');
const modelsIn = (folder: string) => join(folder, 'models');
