import { type Outcome, servedName } from '../../domain/advice/advice.js';
import { answerCounts } from '../../domain/advice/answer-counts.js';
import type { Clock } from '../../domain/clock.js';
import type { RoleState } from '../../domain/operations/role-board.js';

/** The host at a moment. */
export interface HealthSample {
  /** Of the host's clock, milliseconds since 1970. */
  readonly atMs: number;
  readonly openPlans: number;
  readonly rssBytes: number;
  /** Share of one processor since the sample before, in [0, ...). */
  readonly cpuShare: number;
  readonly loopLagP99Ms: number;
  /** Questions to all roles since the sample before, a second, and those that came late or failed. */
  readonly questionsPerS: number;
  readonly latePerS: number;
  readonly failedPerS: number;
}

/** Questions of a role, counted since the host started. */
interface Counts {
  readonly asked: number;
  readonly late: number;
  readonly failed: number;
}

interface Taken {
  readonly atMs: number;
  readonly cpuSeconds: number;
  readonly roles: ReadonlyMap<string, Counts>;
}

export interface HealthSource {
  readonly roles: () => readonly RoleState[];
  readonly openPlans: () => number;
  readonly loopLagP99Ms: () => number;
  readonly rssBytes: () => number;
  readonly cpuSeconds: () => number;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  readonly clock: Clock;
}

const EVERY_MS = 10_000;
/** An hour. */
const SAMPLES = 360;
/** What counts as now for the health of a role. */
export const RECENT_MS = 300_000;

const NONE: Counts = { asked: 0, late: 0, failed: 0 };

function countsOf({ outcomes }: RoleState): Counts {
  const count = (wanted: Outcome) =>
    outcomes.reduce((sum, { outcome, count: some }) => sum + (outcome === wanted ? some : 0), 0);
  const { answered, nothingToSay, heldBack } = answerCounts(outcomes);
  return {
    asked: answered + nothingToSay + heldBack,
    late: count('timeout'),
    failed: count('failed'),
  };
}

function less(later: Counts, before: Counts): Counts {
  return {
    asked: later.asked - before.asked,
    late: later.late - before.late,
    failed: later.failed - before.failed,
  };
}

/** How the host was over the last hour, in memory that does not grow, and how its roles are of late. */
export class HealthSeries {
  readonly #source: HealthSource;
  readonly #samples: HealthSample[] = [];
  readonly #taken: Taken[] = [];
  #cancel: (() => void) | undefined;

  constructor(source: HealthSource) {
    this.#source = source;
  }

  start(): void {
    this.#taken.push(this.#take());
    this.#schedule();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Oldest first; the last hour at most. */
  samples(): readonly HealthSample[] {
    return this.#samples;
  }

  /** Questions of a role within the last minutes. */
  recent(state: RoleState): Counts {
    const sinceMs = this.#source.wallMs() - RECENT_MS;
    const before = this.#taken.find(({ atMs }) => atMs >= sinceMs);
    return less(countsOf(state), before?.roles.get(servedName(state.binding)) ?? NONE);
  }

  #schedule(): void {
    this.#cancel = this.#source.clock.schedule(EVERY_MS, () => {
      this.#sample();
      this.#schedule();
    });
  }

  #take(): Taken {
    const { wallMs, cpuSeconds, roles } = this.#source;
    return {
      atMs: wallMs(),
      cpuSeconds: cpuSeconds(),
      roles: new Map(roles().map((state) => [servedName(state.binding), countsOf(state)])),
    };
  }

  #sample(): void {
    const taken = this.#take();
    const before = this.#taken.at(-1);
    this.#taken.push(taken);
    if (this.#taken.length > SAMPLES) this.#taken.shift();
    if (before === undefined) return;
    const seconds = Math.max((taken.atMs - before.atMs) / 1000, 0.001);
    let sum = NONE;
    for (const [name, counts] of taken.roles) {
      const step = less(counts, before.roles.get(name) ?? NONE);
      sum = {
        asked: sum.asked + step.asked,
        late: sum.late + step.late,
        failed: sum.failed + step.failed,
      };
    }
    const { openPlans, rssBytes, loopLagP99Ms } = this.#source;
    this.#samples.push({
      atMs: taken.atMs,
      openPlans: openPlans(),
      rssBytes: rssBytes(),
      cpuShare: Math.max(0, (taken.cpuSeconds - before.cpuSeconds) / seconds),
      loopLagP99Ms: loopLagP99Ms(),
      questionsPerS: sum.asked / seconds,
      latePerS: sum.late / seconds,
      failedPerS: sum.failed / seconds,
    });
    if (this.#samples.length > SAMPLES) this.#samples.shift();
  }
}
