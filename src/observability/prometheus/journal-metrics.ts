import type { Counter } from 'prom-client';
import type { JournalMetrics } from '../../domain/operations/metrics.js';
import type { Instruments } from './instruments.js';

/** Figures of the journals of decisions. */
export class PromJournalMetrics implements JournalMetrics {
  readonly #entries: Counter<'result'>;
  readonly #failures: Counter;

  constructor(make: Instruments) {
    this.#entries = make.counter(
      'dh_advisor_journal_entries_total',
      'Entries of journals, written to disk or missing there.',
      ['result'],
    );
    this.#failures = make.counter(
      'dh_advisor_journal_write_failures_total',
      'Writes of journals that the disk refused; each is tried again.',
    );
    // Shows up before anything is missing.
    for (const result of ['written', 'missing'] as const) this.#entries.inc({ result }, 0);
  }

  journalEntries(result: 'written' | 'missing', entries: number): void {
    this.#entries.inc({ result }, entries);
  }

  journalWriteFailed(): void {
    this.#failures.inc();
  }
}
