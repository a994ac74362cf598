import type { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { HostError } from '../../domain/host-error.js';
import { type FeedSource, LiveFeed, pumpFeed } from '../live/live-feed.js';

/** An update at most this often: a person sees no more, and the host's time belongs to plans. */
const INTERVAL_MS = 400;
/** How long a page waits before it calls again. */
const RETRY_MS = 1000;
const MAX_WATCHERS = 64;

/** `GET /api/events`. Every connection starts with the whole state, so nothing depends on what was missed. */
export class EventStreams {
  readonly #source: FeedSource;
  #watchers = 0;
  #updates = 0;

  constructor(source: FeedSource) {
    this.#source = source;
  }

  get watchers(): number {
    return this.#watchers;
  }

  addTo(app: Hono): void {
    app.get('/api/events', (c) => {
      if (this.#watchers >= MAX_WATCHERS) {
        const params = { what: 'The number of open pages', actual: this.#watchers };
        const key = 'not configurable';
        throw new HostError('limit-exceeded', { ...params, limit: MAX_WATCHERS, key });
      }
      this.#watchers += 1;
      return streamSSE(c, async (stream) => {
        stream.onAbort(() => {
          this.#watchers -= 1;
        });
        await stream.write(`retry: ${RETRY_MS}\n\n`);
        const feed = new LiveFeed(this.#source);
        const writer = {
          get isOver() {
            return stream.aborted;
          },
          write: async (update: unknown) => {
            this.#updates += 1;
            const id = `${this.#source.instance}-${this.#updates}`;
            await stream.writeSSE({ id, data: JSON.stringify(update) });
          },
          beat: async () => {
            await stream.write(': still here\n\n');
          },
          pause: async (milliseconds: number) => {
            await stream.sleep(milliseconds);
          },
        };
        await pumpFeed(feed, writer, INTERVAL_MS);
      });
    });
  }
}
