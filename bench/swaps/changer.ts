import { readFileSync } from 'node:fs';
import type { ChangeOrigin, ConfigChange } from '../../src/domain/operations/operations.js';
import type { LogEntry } from '../lib/servers.js';
import { BROKEN, SOUND } from './changes.js';
import { type ConfiguredState, initialState, type LiveHost, render } from './live-host.js';

export const origin: ChangeOrigin = {
  who: 'benchmark',
  why: 'npm run bench -- swaps',
  via: 'command',
};

const message = (entry: LogEntry) => String(entry['msg']);
const isApplied = (entry: LogEntry) => message(entry) === 'configuration applied';
const isRefused = (entry: LogEntry) => message(entry).startsWith('configuration refused');
const isBack = (entry: LogEntry) => message(entry).includes('in force again');

/** One after the other, from the start again after the last. */
function inTurn<T>(list: readonly T[], n: number): T {
  const one = list[n % list.length];
  if (one === undefined) throw new Error('nothing to take in turn');
  return one;
}

/** Makes changes one by one and counts what went otherwise than it should. */
export class Changer {
  sound = 0;
  broken = 0;
  unreportedFaults = 0;
  lost = 0;
  readonly #host: LiveHost;
  #state: ConfiguredState = initialState;
  #made = 0;

  constructor(host: LiveHost) {
    this.#host = host;
  }

  async next(): Promise<void> {
    this.#made += 1;
    if (this.#made % 3 === 0) await this.#breakSomething();
    else await this.#swap();
  }

  #ask(change: ConfigChange): Promise<unknown> {
    const asked = { change, origin, isDryRun: false, expectedGeneration: undefined };
    return this.#host.operator.change(asked);
  }

  async #swap(): Promise<void> {
    const { to, command } = inTurn(SOUND, this.sound);
    this.sound += 1;
    this.#state = { ...this.#state, ...to };
    // Every other time around by the file even where there is a command.
    const isByCommand = Math.floor(this.sound / SOUND.length) % 2 === 0;
    const applied = this.#host.says(isApplied).catch(() => {
      this.lost += 1;
    });
    if (command !== undefined && isByCommand) await this.#ask(command);
    else this.#host.write(render(this.#state, this.#host.models));
    await applied;
  }

  async #breakSomething(): Promise<void> {
    const change = inTurn(BROKEN, this.broken);
    this.broken += 1;
    const before = readFileSync(this.#host.file, 'utf8');
    const refused = this.#host.says(isRefused).catch((): LogEntry => ({}));
    if ('command' in change) await this.#ask(change.command).catch(() => undefined);
    else this.#host.write(change.edit(before, this.#state, this.#host.models));
    const reason = String((await refused)['reason'] ?? '');
    const isPlaced = /host\.yaml:[1-9]\d*: /.test(reason) && reason.includes(change.names);
    if (!isPlaced) {
      this.unreportedFaults += 1;
      process.stderr.write(`not reported with its place: ${change.names}: ${reason}\n`);
    }
    if ('command' in change) return;
    const back = this.#host.says(isBack);
    this.#host.write(before);
    await back;
  }
}
