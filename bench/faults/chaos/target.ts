import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { SecondConnection } from '../../../src/storage/testing/second-connection.js';
import { FaultHost, type FaultHostOptions } from '../fault-host.js';
import { Relay } from '../network/relay.js';
import { seeded } from '../network/seeded.js';

const REST_MS = 2000;
const NEXT_FAULT_MS = [300, 2500] as const;

/** The host under fire: killed, stopped, started again; everything that it keeps stays where it is. */
export class Target {
  host: FaultHost;
  readonly relay: Relay;
  /** Resolves when a host is there: a plan that meets none is over in no time. */
  ready: Promise<void> = Promise.resolve();
  readonly #folder: string;
  readonly #options: FaultHostOptions;

  private constructor(folder: string, options: FaultHostOptions, host: FaultHost, relay: Relay) {
    this.#folder = folder;
    this.#options = options;
    this.host = host;
    this.relay = relay;
  }

  static async start(folder: string): Promise<Target> {
    mkdirSync(folder, { recursive: true });
    const adversaries = resolve('test/fixtures/adversaries');
    const options = {
      server: 'max_sessions: 64, max_sessions_per_client: 64, resume_ttl_ms: 20000',
      more: `plugins: { directories: ['${adversaries}'] }\njournals: { directory: journals }`,
      // One in a process of its own, which is killed, too.
      roles: `  initialization: { plugin: uniform, deadline_ms: 500 }
  step-direction: { plugin: adversary-step-direction, deadline_ms: 200, settings: { how: always } }
  early-stopping: { plugin: plateau, deadline_ms: 500 }
`,
    };
    const host = await FaultHost.start(folder, options);
    return new Target(folder, options, host, await Relay.start(host.address));
  }

  /** When hosts were killed, by `performance.now`. */
  readonly killsMs: number[] = [];

  async kill(): Promise<void> {
    this.ready = this.#restart();
    await this.ready;
    // Plans that begin have a while before the next fault.
    await pause(REST_MS);
  }

  async #restart(): Promise<void> {
    this.killsMs.push(performance.now());
    await this.host.kill();
    this.host = await FaultHost.start(this.#folder, this.#options);
    this.relay.target = this.host.address;
  }

  /** Kills what runs plugins for it. */
  async killChildren(): Promise<void> {
    const { stdout } = await execa('pgrep', ['-P', String(this.host.pid)], { reject: false });
    for (const pid of stdout.split('\n').filter(Boolean)) {
      await execa('kill', ['-9', pid], { reject: false });
    }
  }

  async lockDatabase(ms: number): Promise<void> {
    const other = new SecondConnection(join(this.#folder, 'experiments.db'));
    try {
      other.exec('pragma busy_timeout = 2000');
      other.lock();
      await pause(ms);
      other.unlock();
    } finally {
      other.close();
    }
  }
}

type Fault = (target: Target, ms: number) => Promise<void>;

async function during(begin: () => void, ms: number, end: () => void): Promise<void> {
  begin();
  await pause(ms);
  end();
}

const FAULTS: Readonly<Record<string, Fault>> = {
  'kill -9': (target) => target.kill(),
  stopped: ({ host }, ms) =>
    during(
      () => host.signal('SIGSTOP'),
      ms,
      () => host.signal('SIGCONT'),
    ),
  cut: async ({ relay }) => relay.cut(),
  delayed: ({ relay: { weather } }, ms) =>
    during(
      () => {
        weather.delayMs = 30;
      },
      ms,
      () => {
        weather.delayMs = 0;
      },
    ),
  held: ({ relay: { weather } }, ms) =>
    during(
      () => {
        weather.isHeld = true;
      },
      ms,
      () => {
        weather.isHeld = false;
      },
    ),
  'flipped bit': async ({ relay: { weather } }) => {
    weather.flipsNext = true;
  },
  'plugin killed': (target) => target.killChildren(),
  'database locked': (target, ms) => target.lockDatabase(ms),
};

/** What happened of each kind. */
export type Counts = Map<string, number>;

/** Breaks something every now and then, in an order that the seed gives, until it is over. */
export async function rage(target: Target, seed: number, isOver: () => boolean): Promise<Counts> {
  const random = seeded(seed);
  const names = Object.keys(FAULTS);
  const counts: Counts = new Map();
  const [least, most] = NEXT_FAULT_MS;
  while (!isOver()) {
    await pause(least + random() * (most - least));
    const name = names[Math.floor(random() * names.length)] ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
    // A database that another holds is not the schedule's end.
    await FAULTS[name]?.(target, 50 + random() * 700).catch(() => undefined);
  }
  return counts;
}
