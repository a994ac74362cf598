import { Counter, type Registry } from 'prom-client';
import type { JournalMetrics } from '../domain/operations/metrics.js';

/** Figures of the journals of decisions, in the registry of the host. */
export class PromJournalMetrics implements JournalMetrics {
  readonly #entries: Counter<'result'>;
  readonly #failures: Counter;

  constructor(registry: Registry) {
    this.#entries = new Counter({
      name: 'dh_advisor_journal_entries_total',
      help: 'Entries of journals, written to disk or missing there.',
      labelNames: ['result'],
      registers: [registry],
    });
    this.#failures = new Counter({
      name: 'dh_advisor_journal_write_failures_total',
      help: 'Writes of journals that the disk refused; each is tried again.',
      registers: [registry],
    });
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
