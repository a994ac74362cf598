import type { Advice } from '../../domain/advice/advice.js';
import type { Role } from '../../plugin-sdk/index.js';
import { describeAdvice } from './describe-advice.js';
import type { PlanLogEntry } from './plan-views.js';

const MAX_ENTRIES = 200;

interface Place {
  readonly after: number;
  readonly level: number | null;
  readonly stage: number | null;
}

type Kept = Omit<PlanLogEntry, 'count'> & { count: number };

/** The newest entries of a plan's log. One that repeats itself is one line with a count. */
export class PlanLog {
  readonly #entries: Kept[] = [];
  readonly #latest = new Map<Role, Kept>();
  dropped = 0;

  /** Ordinary answers to iterations are left out: they are counted, and there are hundreds. */
  add(advice: Advice, place: Place, isIteration: boolean): void {
    const { role, outcome, reason, value } = advice;
    if (isIteration && value !== undefined && !isStop(advice)) {
      this.#latest.delete(role);
      return;
    }
    const latest = this.#latest.get(role);
    if (
      isIteration &&
      latest?.outcome === outcome &&
      latest.reason === reason &&
      latest.stage === place.stage
    ) {
      latest.count += 1;
      return;
    }
    const { latencyUs } = advice;
    const text = describeAdvice(advice);
    const kept = { ...place, role, outcome, reason, text, latencyUs, count: 1 };
    this.#latest.set(role, kept);
    this.#entries.push(kept);
    if (this.#entries.length <= MAX_ENTRIES) return;
    this.#entries.shift();
    this.dropped += 1;
  }

  list(): readonly PlanLogEntry[] {
    return this.#entries.map((entry) => ({ ...entry }));
  }
}

function isStop({ role, value }: Advice): boolean {
  return (
    role === 'early-stopping' &&
    (value as { readonly decision?: string } | undefined)?.decision !== 'continue'
  );
}
