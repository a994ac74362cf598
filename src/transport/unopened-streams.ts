import type { Clock } from '../domain/clock.js';
import { HostError } from '../domain/errors/host-error.js';
import type { ServerConfig } from '../domain/host-config.js';

type Limits = Pick<ServerConfig, 'firstMessageMs' | 'maxSessions'>;

/**
 * Streams that have not yet said what plan they are of: no session counts them, so they are counted and timed here. Who says nothing keeps
 * no place from who comes: beyond the limit the one that has been silent for longest has to go.
 */
export class UnopenedStreams {
  readonly #clock: Clock;
  readonly #limits: () => Limits;
  /** In the order in which they came: each has to end when it is called. */
  readonly #silent = new Set<(error: HostError) => void>();

  constructor(clock: Clock, limits: () => Limits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Counts a stream until the result is called; `fail` is called when it has to make room, or says nothing for too long. */
  enter(fail: (error: HostError) => void): () => void {
    const { firstMessageMs, maxSessions } = this.#limits();
    const [longest] = this.#silent;
    if (longest !== undefined && this.#silent.size >= maxSessions) {
      longest(new HostError('too-many-streams', { actual: this.#silent.size }));
    }
    const end = (error: HostError) => {
      leave();
      fail(error);
    };
    const leave = () => {
      if (this.#silent.delete(end)) cancel();
    };
    const cancel = this.#clock.schedule(firstMessageMs, () => {
      end(new HostError('first-message-late', { limit: firstMessageMs }));
    });
    this.#silent.add(end);
    return leave;
  }
}
