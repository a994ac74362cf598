import { createParser } from 'eventsource-parser';
import type { LiveUpdate } from '../../../src/http/api.js';
import { ask } from './host-calls.js';
import type { ReadFeed } from './live-store.js';

/** Reads `GET /api/events` as a browser's own `EventSource` would, which could show no token. */
export const readFeed: ReadFeed = async (take, signal) => {
  const { body } = await ask('/api/events', { signal, headers: { accept: 'text/event-stream' } });
  if (body === null) return;
  const parser = createParser({ onEvent: ({ data }) => take(JSON.parse(data) as LiveUpdate) });
  const text = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.feed(text.decode(value, { stream: true }));
  }
};
