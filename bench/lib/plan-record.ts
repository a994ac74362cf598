import type { AdviceHeader } from '../../src/generated/dh/advisor/v1/AdviceHeader.js';
import { Outcome } from '../../src/generated/dh/advisor/v1/Outcome.js';
import { type HeardOfStop, type PacedAnswer, wallMs } from './paced-messages.js';

const STOPPED = 'stopped-by-operator';

/** What all plans of the process measure. */
export class PlanRecord {
  /** Called when each stream has opened its first plan. */
  readonly onOpen: () => void;
  readonly counts = { plans: 0, inArms: 0, answers: 0, streamErrors: 0, wrongGeneration: 0 };
  readonly generations = new Set<number>();
  /** Sessions in an experiment whose outcome the host has said to be kept. */
  readonly summedUp: string[] = [];
  readonly #timesUs = new Map<string, number[]>();
  /** By plan: when it first heard that advice is stopped. */
  readonly #stoppedAtMs = new Map<number, number>();
  #appliedAfterStop = 0;
  phase = 'warm-up';
  /** When advice was stopped; before it never is. */
  stoppedMs = Number.POSITIVE_INFINITY;
  /** No plan goes on or begins. */
  isOver = false;

  constructor(onOpen: () => void) {
    this.onOpen = onOpen;
  }

  answered(phase: string, us: number): void {
    const times = this.#timesUs.get(phase);
    if (times === undefined) this.#timesUs.set(phase, [us]);
    else times.push(us);
    this.counts.answers += 1;
  }

  /** Of the plan with this index, which asked at `askedMs`. */
  advised(index: number, askedMs: number, { reason, outcome }: AdviceHeader): void {
    if (reason === STOPPED && !this.#stoppedAtMs.has(index)) this.#stoppedAtMs.set(index, wallMs());
    if (outcome === Outcome.OUTCOME_APPLIED && askedMs > this.stoppedMs)
      this.#appliedAfterStop += 1;
  }

  stop(): HeardOfStop {
    return { atMs: [...this.#stoppedAtMs.values()], appliedAfterStop: this.#appliedAfterStop };
  }

  answer(): PacedAnswer {
    const { counts, generations, summedUp } = this;
    return { counts, generations: generations.size, timesUs: [...this.#timesUs], summedUp };
  }
}
