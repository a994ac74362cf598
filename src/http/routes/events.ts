import type { Hono } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { HostError } from '../../domain/errors/host-error.js';
import { type FeedSource, LiveFeed, pumpFeed, type UpdateWriter } from '../live/live-feed.js';

/** An update at most this often: a person sees little more, and the host's time belongs to plans. */
const INTERVAL_MS = 200;
/** How long a page waits before it calls again. */
const RETRY_MS = 1000;
const MAX_WATCHERS = 64;

/** `GET /api/events`. Every connection starts with the whole state, so nothing depends on what was missed. */
export class EventStreams {
  readonly #source: FeedSource;
  readonly #intervalMs: number;
  #watchers = 0;
  #updates = 0;

  constructor(source: FeedSource, intervalMs = INTERVAL_MS) {
    this.#source = source;
    this.#intervalMs = intervalMs;
  }

  get watchers(): number {
    return this.#watchers;
  }

  addTo(app: Hono): void {
    app.get('/api/events', (c) => {
      // Its body is thrown away unread, so that its end would never be noticed.
      if (c.req.method === 'HEAD') {
        const { path, method } = c.req;
        throw new HostError('method-not-allowed', { path, method, allowed: 'GET' });
      }
      if (this.#watchers >= MAX_WATCHERS) {
        throw new HostError('too-many-pages', { limit: MAX_WATCHERS });
      }
      const leave = this.#enter();
      return streamSSE(c, async (stream) => {
        // A write to somebody who has gone may never end.
        stream.onAbort(leave);
        try {
          await stream.write(`retry: ${RETRY_MS}\n\n`);
          await pumpFeed(new LiveFeed(this.#source), this.#writer(stream), this.#intervalMs);
        } finally {
          leave();
        }
      });
    });
  }

  /** Counts a watcher; what it returns counts it off, once. */
  #enter(): () => void {
    let isHere = true;
    this.#watchers += 1;
    return () => {
      if (isHere) this.#watchers -= 1;
      isHere = false;
    };
  }

  #writer(stream: SSEStreamingApi): UpdateWriter {
    return {
      get isOver() {
        return stream.aborted;
      },
      write: async (update) => {
        this.#updates += 1;
        const id = `${this.#source.instance}-${this.#updates}`;
        await stream.writeSSE({ id, data: JSON.stringify(update) });
      },
      beat: async () => {
        await stream.write(': still here\n\n');
      },
      pause: async (milliseconds) => {
        await stream.sleep(milliseconds);
      },
    };
  }
}
