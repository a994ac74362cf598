import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ArmHost, logOf } from '../runs/arm-host.js';
import { type HostWanted, hostText } from './definitions.js';

/** A session as a host's log tells of it. */
export interface LoggedSession {
  readonly session: string;
  /** EXPERIMENT/ARM, empty without one. */
  readonly arm: string;
}

/** The host of the trial: killed, it comes back at once on the same port, with the same database. */
export class TrialHost {
  readonly #file: string;
  #wanted: HostWanted;
  #host: ArmHost | undefined;
  #up: Promise<void> = Promise.resolve();
  kills = 0;

  constructor(file: string, wanted: HostWanted) {
    this.#file = file;
    this.#wanted = wanted;
  }

  get address(): string {
    return this.#wanted.address;
  }

  get isUp(): boolean {
    return this.#host !== undefined;
  }

  /** Resolves when the host serves, also after kills that are under way. */
  get up(): Promise<void> {
    return this.#up;
  }

  start(changes: Partial<HostWanted> = {}): Promise<void> {
    this.#wanted = { ...this.#wanted, ...changes };
    this.#up = this.#start();
    return this.#up;
  }

  async #start(): Promise<void> {
    // One that is not there can't be watched: the file changes between two hosts only.
    writeFileSync(this.#file, hostText(this.#wanted));
    this.#host = await ArmHost.start(this.#file);
    this.#wanted = { ...this.#wanted, address: this.#host.address };
  }

  /** Kills the host and starts it again. */
  crash(): Promise<void> {
    const host = this.#host;
    if (host === undefined) return this.#up;
    this.#host = undefined;
    this.kills += 1;
    this.#up = host.kill().then(() => this.#start());
    return this.#up;
  }

  async stop(): Promise<void> {
    await this.#up;
    await this.#host?.stop();
    this.#host = undefined;
  }

  /** Sessions that all hosts so far have logged. */
  sessions(): readonly LoggedSession[] {
    const log = logOf(this.#file);
    if (!existsSync(log)) return [];
    return readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('"session opened"}'))
      .map((line) => JSON.parse(line) as { session: string; arm?: string })
      .map(({ session, arm = '' }) => ({ session, arm }));
  }
}
