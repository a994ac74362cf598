import type { Advice, Outcome } from '../../domain/advice/advice.js';
import { compareAdvice } from '../../domain/replay/compare-advice.js';
import type { ShadowRoleOutcome, ShadowStop } from '../../domain/shadow/shadow-outcome.js';
import type { EarlyStoppingAdvice, LevelEnd, Role, SessionEvent } from '../../plugin-sdk/index.js';
import type { ServedAdvice } from '../shadow-messages.js';

/** Stops that are kept: more stages than that tell nothing new. */
const MAX_STOPS = 64;
/** Latencies that a median is taken of, evenly over a plan of any length. */
const MAX_LATENCIES = 512;

/** A sample of bounded size: every n-th value, n doubling when there is no more room. */
class LatencySample {
  readonly #kept: number[] = [];
  #stride = 1;
  #seen = 0;
  #max = 0;

  add(ms: number): void {
    this.#max = Math.max(this.#max, ms);
    if (this.#seen % this.#stride === 0) this.#kept.push(ms);
    this.#seen += 1;
    if (this.#kept.length < MAX_LATENCIES) return;
    this.#stride *= 2;
    this.#kept.splice(0, MAX_LATENCIES, ...this.#kept.filter((_, i) => i % 2 === 0));
  }

  figures() {
    const sorted = [...this.#kept].sort((a, b) => a - b);
    return { p50: sorted[sorted.length >> 1] ?? 0, max: this.#max };
  }
}

/** One role of one shadow arm beside what was served, question by question. */
export class RoleComparison {
  readonly #role: Role;
  readonly #deadlineMs: number;
  readonly #outcomes: Partial<Record<Outcome, number>> = {};
  readonly #latency = new LatencySample();
  readonly #stops: ShadowStop[] = [];
  #questions = 0;
  #agreed = 0;
  #late = 0;
  #differences = { count: 0, sum: 0, max: 0 };

  constructor(role: Role, deadlineMs: number) {
    this.#role = role;
    this.#deadlineMs = deadlineMs;
  }

  /** @param event That put the question. */
  add(advice: Advice, served: ServedAdvice, event: SessionEvent): void {
    this.#questions += 1;
    this.#outcomes[advice.outcome] = (this.#outcomes[advice.outcome] ?? 0) + 1;
    if (advice.outcome !== 'disabled') {
      const ms = advice.latencyUs / 1000;
      this.#latency.add(ms);
      if (ms > this.#deadlineMs) this.#late += 1;
    }
    if (advice.value === undefined || served.value === undefined) {
      if (advice.value === served.value) this.#agreed += 1;
    } else {
      const { isSame, difference } = compareAdvice(this.#role, advice.value, served.value);
      if (isSame) this.#agreed += 1;
      if (difference !== undefined) {
        this.#differences.count += 1;
        this.#differences.sum += difference;
        this.#differences.max = Math.max(this.#differences.max, difference);
      }
    }
    if (this.#role === 'early-stopping') this.#addStop(advice, event);
  }

  stageEnded({ stage, iterations, stopReason }: LevelEnd): void {
    const index = this.#stops.findIndex((stop) => stop.stage === stage);
    const stop = this.#stops[index];
    if (stop !== undefined) this.#stops[index] = { ...stop, served: { iterations, stopReason } };
  }

  outcome(): ShadowRoleOutcome {
    const { count, sum, max } = this.#differences;
    return {
      role: this.#role,
      questions: this.#questions,
      agreed: this.#agreed,
      outcomes: { ...this.#outcomes },
      difference: { count, mean: count === 0 ? 0 : sum / count, max },
      late: this.#late,
      latencyMs: this.#latency.figures(),
      stops: [...this.#stops],
    };
  }

  #addStop({ value }: Advice, event: SessionEvent): void {
    const decision = (value as EarlyStoppingAdvice | undefined)?.decision;
    if (event.kind !== 'iteration' || decision === undefined || decision === 'continue') return;
    const { level, stage, iteration } = event;
    if (this.#stops.length >= MAX_STOPS || this.#stops.some((stop) => stop.stage === stage)) return;
    this.#stops.push({ level, stage, iteration, served: undefined });
  }
}
