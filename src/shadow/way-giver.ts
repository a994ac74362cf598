import type { Clock } from '../domain/clock.js';
import type { ShadowResult, Strain } from '../domain/shadow/shadow-outcome.js';

/**
 * Nothing new is followed for so long after shadow work had to give way. It had cost answers a fraction of a second until then: once
 * a minute that is less than one in a hundred.
 */
const QUIET_MS = 60_000;

/** Says when shadow work has to give way to plans. */
export class WayGiver {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #strain: () => Strain | undefined;
  #last: { readonly strain: Strain; readonly atMs: number } | undefined;

  constructor(clock: Pick<Clock, 'nowMs'>, strain: () => Strain | undefined) {
    this.#clock = clock;
    this.#strain = strain;
  }

  /** Why one of the sessions that are followed has to go. */
  strain(): Strain | undefined {
    const strain = this.#strain();
    if (strain !== undefined) this.#last = { strain, atMs: this.#clock.nowMs() };
    return strain;
  }

  /** Why no session is followed from now on. */
  refusal(): ShadowResult | undefined {
    const now = this.strain();
    if (now !== undefined || this.#last === undefined) return now;
    const isQuiet = this.#clock.nowMs() - this.#last.atMs < QUIET_MS;
    return isQuiet ? this.#last.strain : undefined;
  }
}
