import type { Clock } from '../domain/clock.js';
import type { Overload, ShadowLoss } from '../domain/shadow/shadow-outcome.js';

/**
 * Nothing new is followed for so long after shadow work had to be shed. It had cost answers a fraction of a second until then: once
 * a minute that is less than one in a hundred.
 */
const QUIET_MS = 60_000;

/** Says when shadow work has to be shed, because plans come first. */
export class LoadShedder {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #overload: () => Overload | undefined;
  #last: { readonly overload: Overload; readonly atMs: number } | undefined;

  constructor(clock: Pick<Clock, 'nowMs'>, overload: () => Overload | undefined) {
    this.#clock = clock;
    this.#overload = overload;
  }

  /** Why one of the sessions that are followed has to go. */
  overload(): Overload | undefined {
    const overload = this.#overload();
    if (overload !== undefined) this.#last = { overload, atMs: this.#clock.nowMs() };
    return overload;
  }

  /** Why no session is followed from now on. */
  refusal(): ShadowLoss | undefined {
    const current = this.overload();
    if (current !== undefined || this.#last === undefined) return current;
    const isQuiet = this.#clock.nowMs() - this.#last.atMs < QUIET_MS;
    return isQuiet ? this.#last.overload : undefined;
  }
}
