import type { CloseReason, PlanEvent, Reply, RoleReceipt } from '../domain/advisor.js';
import type { SessionFollower } from '../domain/ports.js';
import { withTensors } from '../domain/recording.js';
import { encodeRecord, RECORDING_MAGIC } from './recording-format.js';
import type { RecordingLog } from './recording-log.js';
import {
  answerOf,
  type ClosedFacts,
  type RecordToStore,
  recordOf,
  type StartFacts,
} from './stored-events.js';

/** Writes one session into its log. */
export class FileRecording implements SessionFollower {
  readonly #log: RecordingLog;
  readonly #start: StartFacts;
  readonly #onClosed: (written: Promise<void>) => void;

  /** `onClosed` gets a promise of the moment when everything is in the file; it never rejects. */
  constructor(log: RecordingLog, start: StartFacts, onClosed: (written: Promise<void>) => void) {
    this.#log = log;
    this.#start = start;
    this.#onClosed = onClosed;
    log.append(
      Buffer.concat([RECORDING_MAGIC, encodeRecord({ kind: 'start', facts: start, vectors: [] })]),
    );
  }

  event(event: PlanEvent): void {
    this.#store(() => recordOf(withTensors(event, this.#start.recorded)));
  }

  answered(reply: Reply): void {
    this.#store(() => answerOf(reply));
  }

  receipt(receipt: RoleReceipt): void {
    this.#store(() => ({ kind: 'receipt', facts: receipt, vectors: [] }));
  }

  broken(): void {
    // What follows tells: a resume, or the end.
  }

  resumed(): void {
    this.#store(() => ({ kind: 'resumed', facts: {}, vectors: [] }));
  }

  close(outcome: CloseReason): void {
    this.#onClosed(
      this.#log.close((stopCause) => {
        const facts: ClosedFacts = { outcome, stopCause };
        return encodeRecord({ kind: 'closed', facts, vectors: [] });
      }),
    );
  }

  #store(make: () => RecordToStore | undefined): void {
    if (this.#log.stopCause !== undefined) return;
    try {
      const record = make();
      if (record !== undefined) this.#log.append(encodeRecord(record));
    } catch (thrown) {
      // Whatever it is, the plan must not pay for it.
      this.#log.stop('fault', thrown);
    }
  }
}
