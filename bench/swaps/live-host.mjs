// The host of the benchmark: its configuration file in a folder of its own, and what it says.
import { EventEmitter } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { OperatorClient } from '../../dist/src/transport/operator/operator-client.js';
import { residentMb } from '../lib/processes.mjs';

/** As in the container, so that what stays is what the host keeps. */
const ALLOCATOR = { MALLOC_ARENA_MAX: '2' };

/** Version 3 of the fixture model is spoilt: its files are not what its model.yaml says. */
function makeModels(folder) {
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

/** The file that says `state`. */
export function render({ settings, stable, initialization, variance, cosine }, models) {
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

export const initialState = {
  settings: {},
  stable: '1',
  initialization: 'uniform',
  variance: 'level-default',
  cosine: 1e-4,
};

export class LiveHost {
  folder = mkdtempSync(join(tmpdir(), 'dh-advisor-swaps-'));
  file = join(this.folder, 'host.yaml');
  models = join(this.folder, 'models');
  #said = new EventEmitter().setMaxListeners(0);

  async start() {
    makeModels(this.models);
    this.write(render(initialState, this.models));
    const args = ['dist/src/main.js', 'serve', '--config', this.file];
    this.process = execa('node', args, { reject: false, buffer: false, env: ALLOCATOR });
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      const entry = JSON.parse(line);
      this.#said.emit('line', entry);
    });
    const serving = await this.says((entry) => entry.msg === 'serving');
    this.address = serving.address;
    this.operator = new OperatorClient({
      address: serving.operatorAddress,
      token: '',
      protoDirectory: resolve('proto'),
    });
    return this;
  }

  /** Replaces the file in one step, as careful editors do. */
  write(text) {
    writeFileSync(`${this.file}.tmp`, text);
    renameSync(`${this.file}.tmp`, this.file);
  }

  /** The next log line that `isIt`; rejects when none comes in time. */
  says(isIt, withinMs = 20_000) {
    return new Promise((found, reject) => {
      const listener = (entry) => {
        if (!isIt(entry)) return;
        clearTimeout(timer);
        this.#said.off('line', listener);
        found(entry);
      };
      const timer = setTimeout(() => {
        this.#said.off('line', listener);
        reject(new Error('the host said nothing of it'));
      }, withinMs);
      this.#said.on('line', listener);
    });
  }

  residentMb() {
    return residentMb(this.process.pid);
  }

  async stop() {
    this.operator?.close();
    this.process.kill('SIGTERM');
    const { exitCode } = await this.process;
    rmSync(this.folder, { recursive: true, force: true });
    return exitCode;
  }
}
