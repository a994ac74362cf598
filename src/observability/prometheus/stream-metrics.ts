import type { Counter, Gauge } from 'prom-client';
import type { StreamMetrics } from '../../domain/operations/metrics.js';
import type { CloseReason } from '../../domain/session/advisor.js';
import type { PendingCount } from './batched-counter.js';
import type { Instruments } from './instruments.js';

/** Figures of streams and their messages. */
export class PromStreamMetrics implements StreamMetrics {
  readonly #received: PendingCount;
  readonly #sent: PendingCount;
  readonly #spurious: PendingCount;
  readonly #started: PendingCount;
  readonly #closed: Counter<'reason'>;
  readonly #active: Gauge;

  constructor(make: Instruments) {
    this.#received = make.batched(
      'dh_advisor_messages_received_total',
      'Messages from optimizers.',
    );
    this.#sent = make.batched('dh_advisor_messages_sent_total', 'Answers to optimizers.');
    this.#spurious = make.batched(
      'dh_advisor_spurious_messages_total',
      'Messages that were ignored.',
    );
    this.#started = make.batched(
      'dh_advisor_streams_started_total',
      'Streams that opened a session.',
    );
    this.#closed = make.counter('dh_advisor_streams_closed_total', 'Streams and sessions ended.', [
      'reason',
    ]);
    this.#active = make.gauge(
      'dh_advisor_streams_active',
      'Open sessions, resumable ones included.',
    );
  }

  streamOpened(): void {
    this.#started.raise();
  }

  streamClosed(reason: CloseReason): void {
    this.#closed.inc({ reason });
  }

  sessions(count: number): void {
    this.#active.set(count);
  }

  received(): void {
    this.#received.raise();
  }

  sent(): void {
    this.#sent.raise();
  }

  spurious(): void {
    this.#spurious.raise();
  }
}
