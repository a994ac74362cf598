import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { RTMODEL } from '../../evaluation/programs.js';
import { journalPath } from '../../src/storage/journals/clean-journals.js';
import { verifyJournal } from '../../src/storage/journals/verify-journal.js';
import { SecondConnection } from '../../src/storage/testing/second-connection.js';
import { FaultHost, type FaultHostOptions } from './fault-host.js';
import { Relay } from './network/relay.js';
import { seeded } from './network/seeded.js';
import type { FaultRow } from './summary.js';

export interface ChaosTask {
  readonly plans: number;
  readonly seed: number;
  readonly isShort: boolean;
}

const PLANS_AT_ONCE = 3;
const REST_MS = 2000;
const NEXT_FAULT_MS = [300, 2500] as const;
/** Half of the plans wait longer, so that a busy machine leaves some advised. */
const PATIENT = [
  '--iteration-deadline-ms=1500',
  '--start-deadline-ms=5000',
  '--advice-wait-share=inf',
];
/** A plan that takes longer hangs. */
const PLAN_WITHIN_MS = 240_000;

interface Result {
  readonly final_weights: readonly number[];
  readonly advice: {
    readonly session_id: string;
    readonly roles: readonly { readonly accepted: number }[];
    readonly session?: { readonly resumptions: number };
    readonly provenance: {
      readonly arm: string;
      readonly resumptions: number;
      readonly journal_sha256: string;
    } | null;
  };
}

interface Played {
  readonly kind: string;
  readonly mode: string;
  readonly weights: readonly number[] | undefined;
  readonly problem: string | undefined;
  readonly advice: Result['advice'] | undefined;
  /** Bits were flipped on the way while it ran. */
  readonly wasFlipped: boolean;
}

/** One of the ways in which a plan is made; the baseline is the same without an advisor. */
interface Kind {
  readonly name: string;
  readonly path: string;
  readonly options: readonly string[];
}

async function optimize(kind: Kind, more: readonly string[], out: string): Promise<Result> {
  const args = ['optimize', kind.path, ...kind.options, ...more, '--threads=1', '--quiet'];
  await execa(RTMODEL, [...args, `--out=${out}`], {
    timeout: PLAN_WITHIN_MS,
    env: { OMP_WAIT_POLICY: 'passive' },
  });
  return JSON.parse(readFileSync(out, 'utf8')) as Result;
}

async function makeKinds(folder: string, isShort: boolean): Promise<readonly Kind[]> {
  const size = isShort
    ? ['--beamlet-mm=12', '--max-iterations=60']
    : ['--beamlet-mm=8', '--max-iterations=100'];
  const kinds: Kind[] = [];
  for (const phantom of ['c-shape', 'head-neck']) {
    const path = join(folder, phantom);
    await execa(RTMODEL, ['phantom', `--kind=${phantom}`, '--seed=3', path]);
    for (const solver of ['dh', 'lbfgs']) {
      kinds.push({ name: `${phantom} ${solver}`, path, options: [`--solver=${solver}`, ...size] });
    }
  }
  return kinds;
}

const sameBits = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

/** The host under fire: killed, stopped, started again; everything that it keeps stays where it is. */
class Target {
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

  async kill(): Promise<void> {
    this.ready = this.#restart();
    await this.ready;
    // Plans that begin have a while before the next fault.
    await pause(REST_MS);
  }

  async #restart(): Promise<void> {
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
type Counts = Map<string, number>;

async function rage(target: Target, seed: number, isOver: () => boolean): Promise<Counts> {
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

async function playPlan(
  target: Target,
  folder: string,
  kinds: readonly Kind[],
  n: number,
): Promise<Played> {
  const kind = kinds[n % kinds.length] as Kind;
  const mode = n % 3 === 0 ? 'shadow' : 'advise';
  await target.ready;
  const { relay } = target;
  const flippedBefore = relay.flipped;
  const more = [
    `--advisor=${relay.address}`,
    `--advice-mode=${mode}`,
    `--plan-key=chaos-${n}`,
    ...(n % 2 === 0 ? PATIENT : []),
  ];
  const base = { kind: kind.name, mode };
  try {
    const { final_weights: weights, advice } = await optimize(
      kind,
      more,
      join(folder, `plan-${n}.json`),
    );
    const wasFlipped = relay.flipped > flippedBefore || relay.weather.flipsNext;
    return { ...base, weights, problem: undefined, advice, wasFlipped };
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message : String(thrown);
    return { ...base, weights: undefined, problem, advice: undefined, wasFlipped: true };
  }
}

/** What is wrong with what the host kept of a plan whose client was told that it is over; undefined when nothing is. */
async function keptProblem(
  folder: string,
  { advice, wasFlipped }: Played,
  outcomes: ReadonlyMap<string, readonly string[]>,
): Promise<string | undefined> {
  if (advice?.provenance === undefined || advice.provenance === null || wasFlipped)
    return undefined;
  const { session_id: session, provenance } = advice;
  const rows = outcomes.get(session) ?? [];
  if (provenance.arm !== '' && rows.join() !== 'finished') {
    return `session ${session} has the outcomes [${rows.join()}]`;
  }
  if (provenance.journal_sha256 === '') return undefined;
  const path = await newestJournal(join(folder, 'journals'), session);
  const verified = await verifyJournal(path);
  if (verified.head === provenance.journal_sha256 && verified.state !== 'broken') return undefined;
  return `journal ${path} is ${verified.state}, ${verified.problem ?? ''}; its head differs: ${verified.head !== provenance.journal_sha256}`;
}

async function newestJournal(directory: string, session: string): Promise<string> {
  let path = journalPath(directory, session);
  for (let part = 0; ; part += 1) {
    const next = await verifyJournal(path);
    if (next.goesOnIn === undefined) return path;
    path = next.goesOnIn;
  }
}

function outcomesOf(folder: string): ReadonlyMap<string, readonly string[]> {
  const other = new SecondConnection(join(folder, 'experiments.db'));
  const both = other.column("session || ' ' || status", 'outcomes').map((row) => row.split(' '));
  other.close();
  const bySession = new Map<string, string[]>();
  for (const [session = '', status = ''] of both) {
    bySession.set(session, [...(bySession.get(session) ?? []), status]);
  }
  return bySession;
}

function row(name: string, runs: number, problems: readonly string[], note: string): FaultRow {
  const first = problems.length === 0 ? '' : `; first: ${problems[0]}`;
  return { name, runs, failures: problems.length, note: `${note}${first}` };
}

/** Plans while host, plugins, database and network are broken at random by a schedule of a seed. */
export async function tryChaos(
  folder: string,
  { plans, seed, isShort }: ChaosTask,
): Promise<readonly FaultRow[]> {
  mkdirSync(folder, { recursive: true });
  const kinds = await makeKinds(folder, isShort);
  const baselines = new Map<string, readonly number[]>();
  for (const kind of kinds) {
    const { final_weights } = await optimize(kind, [], join(folder, 'alone.json'));
    baselines.set(kind.name, final_weights);
  }
  const own = join(folder, 'host');
  const target = await Target.start(own);
  const played: Played[] = [];
  let [next, isOver] = [0, false];
  const raging = rage(target, seed, () => isOver);
  await Promise.all(
    Array.from({ length: PLANS_AT_ONCE }, async () => {
      while (next < plans) {
        const n = next;
        next += 1;
        played.push(await playPlan(target, folder, kinds, n));
      }
    }),
  );
  isOver = true;
  const counts = await raging;
  await target.host.stop();
  // The last host stores what those before it left.
  const last = await FaultHost.start(own, { more: 'journals: { directory: journals }' });
  const told = played.flatMap(({ advice, wasFlipped }) =>
    advice?.provenance?.arm && !wasFlipped ? [advice.session_id] : [],
  );
  await last.waitForOutcomes(join(own, 'experiments.db'), told);
  await last.stop();
  await target.relay.stop();
  const outcomes = outcomesOf(own);
  const kept = await Promise.all(played.map((plan) => keptProblem(own, plan, outcomes)));
  const accepted = ({ advice }: Played) =>
    advice?.roles.reduce((sum, { accepted: count }) => sum + count, 0) ?? 0;
  const unadvised = played.filter((plan) => plan.problem === undefined && accepted(plan) === 0);
  const others = unadvised.filter(
    ({ kind, weights = [] }) => !sameBits(weights, baselines.get(kind) ?? []),
  );
  const resumed = played.reduce((sum, { advice }) => sum + (advice?.session?.resumptions ?? 0), 0);
  const happened = [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
  return [
    row(
      'chaos: every plan finishes',
      played.length,
      played.flatMap(({ problem }) => problem ?? []),
      `seed ${seed}; ${happened}; ${resumed} streams taken up again`,
    ),
    row(
      'chaos: plans without advice are the baseline bit for bit',
      unadvised.length,
      others.map(({ kind, mode }) => `${kind} ${mode}`),
      `${unadvised.length} of ${played.length} plans took no advice`,
    ),
    row(
      'chaos: nothing recorded is lost or doubled, journals verify',
      played.filter(({ advice }) => advice?.provenance).length,
      kept.flatMap((problem) => problem ?? []),
      `${told.length} outcomes were told to plans of experiments, ${outcomes.size} sessions have one`,
    ),
  ];
}
