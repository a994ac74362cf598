import type { Clock } from '../domain/clock.js';
import { HostError } from '../domain/errors/host-error.js';
import type { ServerConfig } from '../domain/host-config.js';

type Limits = Pick<ServerConfig, 'firstMessageMs' | 'maxSessions'>;

/** Streams that have not yet said what plan they are of: no session counts them, so they are counted and timed here. */
export class UnopenedStreams {
  readonly #clock: Clock;
  readonly #limits: () => Limits;
  #count = 0;

  constructor(clock: Clock, limits: () => Limits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Counts a stream until the result is called; `fail` is called when it is one too many, or says nothing for too long. */
  enter(fail: (error: HostError) => void): () => void {
    const { firstMessageMs, maxSessions } = this.#limits();
    if (this.#count >= maxSessions) {
      fail(new HostError('too-many-streams', { actual: this.#count }));
      return () => undefined;
    }
    this.#count += 1;
    let isHere = true;
    const leave = () => {
      if (!isHere) return;
      isHere = false;
      this.#count -= 1;
      cancel();
    };
    const cancel = this.#clock.schedule(firstMessageMs, () => {
      leave();
      fail(new HostError('first-message-late', { limit: firstMessageMs }));
    });
    return leave;
  }
}
