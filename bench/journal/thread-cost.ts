import { statSync } from 'node:fs';
import { nodeJournalFiles } from '../../src/storage/journals/journal-files.js';
import { JournalTail, JournalWriter } from '../../src/storage/journals/journal-writer.js';
import { SessionJournal } from '../../src/storage/journals/session-journal.js';
import { systemClock } from '../../src/system/system-clock.js';
import { median } from '../lib/figures.js';

export interface ThreadCost {
  readonly beamlets: number;
  /** Microseconds of the serving thread for each iteration, median. */
  readonly us: number;
  /** Of the journal, for each iteration. */
  readonly bytes: number;
}

function fail(thrown: unknown): never {
  throw new Error('the disk refused', { cause: thrown });
}

/** Writes a journal of directions and their verdicts to `path`. */
export async function threadCost(
  path: string,
  beamlets: number,
  iterations: number,
): Promise<ThreadCost> {
  const writer = new JournalWriter({
    clock: systemClock,
    files: nodeJournalFiles,
    onWritten: () => {},
    onFailed: fail,
    onGivenUp: fail,
  });
  const journal = new SessionJournal({
    opening: { kind: 'draining', ms: 0 },
    tail: new JournalTail(path, writer),
    nowMs: () => performance.now(),
    onMissing: () => fail('no room'),
    onClosed: () => {},
  });
  const role = 'step-direction';
  const direction = Float64Array.from({ length: beamlets }, Math.random);
  const spentUs: number[] = [];
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    const startMs = performance.now();
    journal.answered({
      kind: 'iteration',
      level: 0,
      stage: 0,
      iteration,
      advices: {
        [role]: {
          role,
          generation: 1,
          latencyUs: 7,
          isFinal: false,
          isFailure: false,
          reason: '',
          outcome: 'applied',
          detail: undefined,
          outOfDistributionScore: 0,
          value: { space: 'weights', direction },
        },
      },
    });
    journal.receipt({ kind: 'receipt', role, verdict: 'accepted', level: 0, iteration });
    spentUs.push((performance.now() - startMs) * 1000);
    // As in a host, the loop turns between events.
    await new Promise(setImmediate);
  }
  journal.close('finished');
  await writer.close();
  return { beamlets, us: median(spentUs), bytes: statSync(path).size / iterations };
}
