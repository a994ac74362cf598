export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerOptions {
  /** Failures within the window that open the breaker. */
  readonly failures: number;
  readonly windowMs: number;
  /** How long it stays open before one probe is let through. Infinity = for good. */
  readonly coolDownMs: number;
}

/** Stops asking what keeps failing, and tries again once in a while. Pure: the caller brings the time. */
export class Breaker {
  readonly #options: BreakerOptions;
  #failureTimesMs: number[] = [];
  #openedMs: number | undefined;
  #isProbing = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  state(nowMs: number): BreakerState {
    if (this.#openedMs === undefined) return 'closed';
    return nowMs - this.#openedMs >= this.#options.coolDownMs ? 'half-open' : 'open';
  }

  /** Whether to ask now. In half-open state the first caller becomes the probe and the others wait for it. */
  admit(nowMs: number): boolean {
    if (this.#openedMs === undefined) return true;
    if (this.#isProbing || this.state(nowMs) === 'open') return false;
    this.#isProbing = true;
    return true;
  }

  /** The question was answered as it should be. */
  succeed(): void {
    if (!this.#isProbing) return;
    this.#isProbing = false;
    this.#openedMs = undefined;
    this.#failureTimesMs = [];
  }

  /** @returns whether this failure opened the breaker. */
  fail(nowMs: number): boolean {
    if (this.#isProbing) {
      this.#isProbing = false;
      this.#openedMs = nowMs;
      return true;
    }
    if (this.#openedMs !== undefined) return false;
    const since = nowMs - this.#options.windowMs;
    this.#failureTimesMs = this.#failureTimesMs.filter((timeMs) => timeMs > since);
    this.#failureTimesMs.push(nowMs);
    if (this.#failureTimesMs.length < this.#options.failures) return false;
    this.#openedMs = nowMs;
    return true;
  }
}
