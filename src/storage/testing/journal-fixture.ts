import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalsConfig } from '../../domain/host-config.js';
import type { JournalMetrics } from '../../domain/operations/metrics.js';
import type { DecisionJournal } from '../../domain/session/decision-journal.js';
import { FakeLog } from '../../domain/testing/fakes.js';
import { fakeOpening } from '../../domain/testing/play-session.js';
import { FakeClock } from '../../plugin-sdk/testing/index.js';
import { type JournalFiles, nodeJournalFiles } from '../journals/journal-files.js';
import { JournalStore } from '../journals/journal-store.js';

/** Of the sessions of tests, `n` apart. */
export function sessionId(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

/** A disk that a test fills, breaks or holds up; what it takes goes to the real one. */
export class TroubledDisk implements JournalFiles {
  /** Bytes that still fit; a write beyond leaves what fits and fails. */
  roomBytes = Number.POSITIVE_INFINITY;
  /** While set, writes wait for it. */
  gate: Promise<void> | undefined;
  /** Writes that have begun and not ended. */
  inFlight = 0;
  mostInFlight = 0;

  async make(path: string): Promise<boolean> {
    if (this.roomBytes === 0) throw Object.assign(new Error('disk full'), { code: 'ENOSPC' });
    return nodeJournalFiles.make(path);
  }

  remove(path: string): Promise<void> {
    return nodeJournalFiles.remove(path);
  }

  async write(path: string, bytes: Uint8Array, offset: number, isLast: boolean): Promise<void> {
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      await this.gate;
      const fits = Math.min(bytes.byteLength, this.roomBytes);
      this.roomBytes -= fits;
      await nodeJournalFiles.write(path, bytes.subarray(0, fits), offset, isLast);
      if (fits < bytes.byteLength) throw Object.assign(new Error('disk full'), { code: 'ENOSPC' });
    } finally {
      this.inFlight -= 1;
    }
  }
}

/** A store over a folder of its own, which goes with the test. */
export function journalStore(
  onEnd: (end: () => void) => void,
  options: { readonly files?: JournalFiles; readonly config?: Partial<JournalsConfig> } = {},
) {
  const directory = mkdtempSync(join(tmpdir(), 'dh-advisor-journals-'));
  onEnd(() => rmSync(directory, { recursive: true, force: true }));
  const config: JournalsConfig = {
    enabled: true,
    directory,
    keepDays: 1,
    maxTotalBytes: 2 ** 30,
    openAtMostMs: 60_000,
    ...options.config,
  };
  const counts = { written: 0, missing: 0, failures: 0 };
  const metrics: JournalMetrics = {
    journalEntries: (result, entries) => {
      counts[result] += entries;
    },
    journalWriteFailed: () => {
      counts.failures += 1;
    },
  };
  const clock = new FakeClock();
  const log = new FakeLog();
  const store = new JournalStore({
    clock,
    log,
    metrics,
    wallMs: Date.now,
    files: options.files ?? nodeJournalFiles,
    host: 'dh-advisor 1.2.3',
  });
  const open = (n: number): DecisionJournal => {
    const opening = fakeOpening();
    const session = { sessionId: sessionId(n), opening, generation: 3, bindings: [], arm: 'a/b' };
    const proofs = { resumeSha256: 'a'.repeat(64), rolesSha256: 'b'.repeat(64) };
    const journal = store.open({ ...session, ...proofs, config });
    if (journal === undefined) throw new Error('no journal');
    return journal;
  };
  const path = (n: number) => join(config.directory, `${sessionId(n)}.journal`);
  return { store, open, path, config, counts, clock, log };
}
